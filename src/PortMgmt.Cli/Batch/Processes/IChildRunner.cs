namespace PortMgmt.Cli.Batch.Processes;

/// <summary>Runs child processes one after another, on the thread of the worker that it belongs to. Not thread-safe.</summary>
internal interface IChildRunner : IDisposable
{
    /// <summary>
    /// Runs a command to its end: the end of the process itself, not of what it left running in the background, which may keep the
    /// pipes open as long as it likes.
    /// </summary>
    /// <param name="request">The command.</param>
    /// <param name="cancellationToken">Ends the process with all its descendants in its group.</param>
    /// <returns>What came of it; an end by cancellation is a result, too.</returns>
    ChildResult Run(ChildRequest request, CancellationToken cancellationToken);
}

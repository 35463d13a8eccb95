namespace PortMgmt.PowerShell.Scripts;

/// <summary>What came of one call of the script block. Shared by all who are answered from the cache, so it never changes.</summary>
/// <param name="Output">
/// As PowerShell assigns it: nothing is null, one object is itself, more are an array. Only one null is an array of it here, so that
/// -Raw can put it out; the result has null, as a variable would.
/// </param>
/// <param name="Streams">What was written beside the output; with a terminating error, that one last.</param>
/// <param name="Port">The port that was leased for the call; null for none.</param>
/// <param name="Node">The node that ran it; null for this one.</param>
internal sealed record ScriptOutcome(object? Output, StreamRecords Streams, int? Port, string? Node = null)
{
    /// <summary>What the errors among the streams amount to.</summary>
    public ErrorSummary Errors { get; init; } = ErrorSummary.None;

    /// <summary>The exit code of the last program that it ran, or its own; null where there was none.</summary>
    public int? ExitCode { get; init; }
}

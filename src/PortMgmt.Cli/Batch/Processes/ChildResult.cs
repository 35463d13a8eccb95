namespace PortMgmt.Cli.Batch.Processes;

/// <summary>What came of a child process.</summary>
/// <param name="ExitCode">Its exit code, 128 plus the number of the signal that ended it; null when it could not be started.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
/// <param name="Problem">Why that is a failure, for people; null when it is none.</param>
internal sealed record ChildResult(int? ExitCode, byte[] Output, byte[] Error, string? Problem)
{
    /// <summary>A command that could not be started.</summary>
    public static ChildResult NotStarted(string problem) => new(null, [], [], problem);
}

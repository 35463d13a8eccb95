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

    /// <summary>A command that ended.</summary>
    /// <param name="exitCode">Its exit code.</param>
    /// <param name="signal">The number of the signal that ended it; 0 for none.</param>
    /// <param name="output">What it wrote to standard output.</param>
    /// <param name="error">What it wrote to standard error.</param>
    /// <param name="isOver">Whether it was ended because that was too much.</param>
    public static ChildResult Ended(int exitCode, int signal, byte[] output, byte[] error, bool isOver)
    {
        string? problem = isOver ? $"The command was ended because it wrote more than {OutputBuffer.Limit >> 20} MiB to one stream. Let it write to a file."
            : signal != 0 ? $"The command was ended by signal {signal}."
            : exitCode != 0 ? $"The command ended with exit code {exitCode}."
            : null;
        return new ChildResult(exitCode, output, error, problem);
    }
}

namespace PortMgmt.PowerShell.Execution;

/// <summary>The names in a job log's lines, which are those of the command line's results.</summary>
internal static class JobLogFields
{
    public const string Id = "id";

    /// <summary>What the operation is known by when the batch is resumed.</summary>
    public const string Key = "key";

    public const string Status = "status";
    public const string Error = "error";
    public const string DurationMs = "durationMs";
    public const string QueueMs = "queueMs";
    public const string Attempts = "attempts";
    public const string Cached = "cached";
}

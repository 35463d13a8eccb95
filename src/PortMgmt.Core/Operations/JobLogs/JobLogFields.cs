namespace PortMgmt.Operations.JobLogs;

/// <summary>The names in a line of a job log.</summary>
internal static class JobLogFields
{
    public const string Id = "id";
    public const string Key = "key";
    public const string Status = "status";
    public const string ExitCode = "exitCode";
    public const string Error = "error";
    public const string DurationMs = "durationMs";
    public const string QueueMs = "queueMs";
    public const string Attempts = "attempts";
    public const string Cached = "cached";

    /// <summary>A status as logs have it.</summary>
    public static string NameOf(OperationStatus status) => status switch
    {
        OperationStatus.Succeeded => "succeeded",
        OperationStatus.Failed => "failed",
        OperationStatus.TimedOut => "timedOut",
        OperationStatus.Cancelled => "cancelled",
        _ => "rejected",
    };
}

namespace PortMgmt.Operations.Results;

/// <summary>The names that results have in JSON. They are part of the contract.</summary>
internal static class ResultNames
{
    public const string Type = "type";
    public const string Id = "id";
    public const string Key = "key";
    public const string Command = "command";
    public const string Status = "status";
    public const string ExitCode = "exitCode";
    public const string HadErrors = "hadErrors";
    public const string Output = "output";
    public const string Error = "error";

    /// <summary>What ends the name of the member with the bytes of an output or error that is not UTF-8.</summary>
    public const string Base64Suffix = "Base64";

    public const string DurationMs = "durationMs";
    public const string QueueMs = "queueMs";
    public const string Attempts = "attempts";
    public const string Cached = "cached";
    public const string Node = "node";

    /// <summary>The name of a status.</summary>
    public static string Of(OperationStatus status) => status switch
    {
        OperationStatus.Succeeded => "succeeded",
        OperationStatus.Failed => "failed",
        OperationStatus.TimedOut => "timedOut",
        OperationStatus.Cancelled => "cancelled",
        _ => "rejected",
    };
}

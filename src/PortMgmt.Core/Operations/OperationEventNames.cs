namespace PortMgmt.Operations;

/// <summary>The names of the events, part of the contract.</summary>
public static class OperationEventNames
{
    /// <summary>A chunk was given to a worker; the count says how many operations it has.</summary>
    public const string BatchScheduled = "batch:scheduled";

    /// <summary>An attempt starts.</summary>
    public const string OperationStarted = "operation:started";

    /// <summary>An operation ended as succeeded, from the cache too.</summary>
    public const string OperationSuccess = "operation:success";

    /// <summary>An operation ended in any other way.</summary>
    public const string OperationFailure = "operation:failure";

    /// <summary>Metrics were collected.</summary>
    public const string MetricsCollected = "metrics:collected";
}

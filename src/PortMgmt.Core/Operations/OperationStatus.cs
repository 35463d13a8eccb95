namespace PortMgmt.Operations;

/// <summary>How an operation ended.</summary>
public enum OperationStatus
{
    /// <summary>The executor returned, or the result came from the cache.</summary>
    Succeeded,

    /// <summary>The executor threw, on the last attempt too.</summary>
    Failed,

    /// <summary>Its time was up, on the last attempt too, whatever the executor returned after that.</summary>
    TimedOut,

    /// <summary>The batch was stopped before the operation succeeded.</summary>
    Cancelled,

    /// <summary>The batch was full and its overload policy is <see cref="OverloadPolicy.Reject"/>; the operation never ran.</summary>
    Rejected,
}

namespace PortMgmt.Operations;

/// <summary>What happens to an operation that a full batch is offered.</summary>
public enum OverloadPolicy
{
    /// <summary>The caller waits: <c>TryEnqueue</c> returns false, <c>EnqueueAsync</c> waits.</summary>
    Wait,

    /// <summary>The operation is accepted and ends at once as <see cref="OperationStatus.Rejected"/>.</summary>
    Reject,

    /// <summary>The call throws with <see cref="OperationErrorCode.OperationRejected"/>; nothing was accepted.</summary>
    Fail,
}

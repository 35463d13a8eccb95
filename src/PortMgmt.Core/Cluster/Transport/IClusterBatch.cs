using PortMgmt.Operations;

namespace PortMgmt.Cluster.Transport;

/// <summary>A submitter's end of a batch: operations go out, each comes back as exactly one result. Thread-safe.</summary>
/// <remarks>
/// Results stay at the broker until <see cref="CompleteAsync"/>, so a batch whose submitter died is run again with the same id and the
/// same operations: what has a result gives it again, what is under way is waited for, and only the rest is sent.
/// </remarks>
internal interface IClusterBatch : IAsyncDisposable
{
    /// <summary>The batch's id.</summary>
    string Id { get; }

    /// <summary>What was counted so far.</summary>
    ClusterBatchCounts Counts { get; }

    /// <summary>Has an operation run somewhere.</summary>
    /// <param name="operation">The operation. The same id means the same operation: both callers get the one result.</param>
    /// <param name="cancellationToken">Ends the wait; the operation itself may still run.</param>
    /// <returns>How it ended, whether well or not.</returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.TypeNotFound"/>: no worker ever served its type; <see cref="OperationErrorCode.InputTooLarge"/>;
    /// <see cref="OperationErrorCode.InvalidOption"/>: its id or type cannot be sent;
    /// <see cref="OperationErrorCode.BrokerUnreachable"/> and its kin: the broker could not be reached again.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    Task<ClusterResult> RunAsync(ClusterOperation operation, CancellationToken cancellationToken);

    /// <summary>The batch is over and its results were taken: they are removed from the broker. Without it they are kept.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When they are gone.</returns>
    Task CompleteAsync(CancellationToken cancellationToken);
}

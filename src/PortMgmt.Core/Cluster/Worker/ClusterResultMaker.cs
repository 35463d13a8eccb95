using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;

namespace PortMgmt.Cluster.Worker;

/// <summary>Makes what a node answers its submitters; an output that cannot be sent becomes a failure that says why. Thread-safe.</summary>
/// <param name="nodeId">The node.</param>
/// <param name="encode">Makes an output fit to be sent.</param>
internal sealed class ClusterResultMaker<TInput, TResult>(string nodeId, Func<OperationResult<TInput, TResult>, ClusterResult> encode)
{
    /// <summary>The answer for an operation that has ended.</summary>
    public ClusterResult Make(ClusterDelivery delivery, in OperationResult<TInput, TResult> result)
    {
        ClusterResult encoded;
        try
        {
            encoded = encode(result);
        }
        catch (Exception e)
        {
            return Fail(delivery, OperationErrorCode.OutputTooLarge, "The output cannot be sent: " + e.Message);
        }

        if (encoded.Output.Length > ClusterLimits.MaxInputBytes)
        {
            return Fail(
                delivery, OperationErrorCode.OutputTooLarge,
                $"The output has {encoded.Output.Length} bytes, and {ClusterLimits.MaxInputBytes} are the most: keep the data elsewhere and put out where it is.");
        }

        string? error = result.Status == OperationStatus.Succeeded ? null : encoded.Error ?? result.Error?.Message;
        return encoded with
        {
            OperationId = delivery.OperationId,
            NodeId = nodeId,
            Status = result.Status,
            Error = error is { Length: > ClusterLimits.MaxErrorLength } ? error[..ClusterLimits.MaxErrorLength] : error,
            ErrorCode = (result.Error as OperationException)?.Code ?? OperationErrorCode.OperationFailed,
            Attempts = result.Attempts,
            FromCache = result.FromCache,
            QueueTime = result.QueueTime,
            Duration = result.Duration,
        };
    }

    /// <summary>The answer for an operation that could not be run, or whose output cannot be sent.</summary>
    public ClusterResult Fail(ClusterDelivery delivery, OperationErrorCode code, string error) => new()
    {
        OperationId = delivery.OperationId,
        NodeId = nodeId,
        Status = OperationStatus.Failed,
        Error = error,
        ErrorCode = code,
    };
}

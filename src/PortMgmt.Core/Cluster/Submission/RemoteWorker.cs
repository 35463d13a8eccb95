using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;

namespace PortMgmt.Cluster.Submission;

/// <summary>
/// Runs operations of a local scheduler somewhere in the cluster: one at a time each, many of them at once. So a batch of a cluster is
/// a batch like any other, with its limits, retries, order, events and figures.
/// </summary>
/// <typeparam name="TInput">What the operations work on.</typeparam>
/// <typeparam name="TResult">What the caller makes of their results.</typeparam>
/// <param name="batch">The batch.</param>
/// <param name="encode">Makes of an operation what is sent.</param>
/// <param name="decode">Makes of a result what the caller gets; called for failed ones too.</param>
internal sealed class RemoteWorker<TInput, TResult>(
    IClusterBatch batch,
    Func<Operation<TInput>, ClusterOperation> encode,
    Func<ClusterResult, TResult> decode)
    : IOperationWorker<TInput, TResult>
{
    /// <inheritdoc/>
    public void Wake(OperationLane<TInput, TResult> lane)
    {
        ArgumentNullException.ThrowIfNull(lane);
        _ = PullAsync(lane);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The batch belongs to whoever opened it.
    }

    private async Task PullAsync(OperationLane<TInput, TResult> lane)
    {
        while (lane.TryNext(out Operation<TInput>? operation))
        {
            ClusterResult result;
            try
            {
                result = await batch.RunAsync(encode(operation), lane.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                lane.Fail(e);
                continue;
            }

            End(lane, result);
        }
    }

    private void End(OperationLane<TInput, TResult> lane, ClusterResult result)
    {
        TResult output;
        try
        {
            output = decode(result);
        }
        catch (Exception e)
        {
            lane.Fail(e);
            return;
        }

        if (result.Status == OperationStatus.Succeeded)
        {
            lane.Succeed(output);
        }
        else
        {
            lane.Fail(new OperationException(result.ErrorCode, result.Error ?? $"Operation '{result.OperationId}' ended as {result.Status}."), output);
        }
    }
}

using PortMgmt.Cluster.Transport;
using PortMgmt.Cluster.Worker;
using PortMgmt.Operations;

namespace PortMgmt.Cluster;

/// <summary>
/// Runs operations of a cluster on a scheduler of this process: takes what it has room for, answers each, and takes none while it is
/// not well.
/// </summary>
internal static class ClusterWorker
{
    /// <summary>Runs until it is told to stop, then ends in good order: takes no more, finishes, answers, gives back the rest.</summary>
    /// <typeparam name="TInput">What the executor works on.</typeparam>
    /// <typeparam name="TResult">What the executor makes of it.</typeparam>
    /// <param name="transport">The way to the broker.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="options">What to run, and how.</param>
    /// <param name="stop">Tells it to stop.</param>
    /// <returns>When it has ended; what it counted.</returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.InvalidOption"/>; <see cref="OperationErrorCode.BrokerUnreachable"/> and its kin, at once or when the
    /// broker was lost and did not come back.
    /// </exception>
    public static async Task<ClusterWorkerState> RunAsync<TInput, TResult>(
        IClusterTransport transport, ClusterOptions cluster, ClusterWorkerOptions<TInput, TResult> options, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(options);
        cluster.Validate();
        options.Validate();
        var worker = new ClusterWorkerRun<TInput, TResult>(cluster, options);
        await using (worker.ConfigureAwait(false))
        {
            IClusterInbox inbox;
            try
            {
                inbox = await transport.OpenInboxAsync(cluster, worker.MakeInboxOptions(), stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // It has taken nothing yet: to be told to stop is how a worker ends.
                return worker.State;
            }

            await using (inbox.ConfigureAwait(false))
            {
                await worker.RunAsync(inbox, stop).ConfigureAwait(false);
            }
        }

        return worker.State;
    }
}

using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>The queue of a batch's results.</summary>
internal static class ResultsQueue
{
    /// <summary>Makes it unless it is there: one that is there keeps the time that its first submitter gave it.</summary>
    /// <returns>It was not there.</returns>
    public static async Task<bool> EnsureAsync(IConnection connection, TopologyNames names, string queue, TimeSpan keepFor, CancellationToken cancellationToken)
    {
        if (await QueueProbe.ExistsAsync(connection, queue, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            await ClusterTopology.DeclareResultsAsync(connection, channel, names, queue, keepFor, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }
}

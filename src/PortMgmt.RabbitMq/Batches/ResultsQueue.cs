using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>The queue of a batch's results.</summary>
internal static class ResultsQueue
{
    /// <summary>Makes it unless it is there: one that is there keeps the time that its first submitter gave it.</summary>
    public static async Task EnsureAsync(IConnection connection, string queue, TimeSpan keepFor, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(connection, queue, cancellationToken).ConfigureAwait(false))
            return;
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
            await ClusterTopology.DeclareResultsAsync(channel, queue, keepFor, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether there is a queue of that name. The broker closes the channel where there is none, so it is one of its own.</summary>
    public static async Task<bool> ExistsAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                await channel.QueueDeclarePassiveAsync(queue, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                return false;
            }
        }
    }
}

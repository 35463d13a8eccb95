using System.Collections.Concurrent;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Nodes;

/// <summary>Asks all nodes of a cluster how they are.</summary>
internal static class NodeQuery
{
    /// <summary>Asks, and gathers answers for a while.</summary>
    /// <returns>The nodes, each process once with all its workers, by name.</returns>
    public static async Task<IReadOnlyList<ClusterNode>> QueryAsync(
        IConnection connection, ClusterOptions options, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var names = new TopologyNames(options.ClusterId);
        var answers = new ConcurrentQueue<ClusterNode>();
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            await ClusterTopology.DeclareExchangesAsync(connection, names, cancellationToken).ConfigureAwait(false);
            QueueDeclareOk own = await channel.QueueDeclareAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            await channel.BasicConsumeAsync(own.QueueName, autoAck: true, new AnswerConsumer(channel, answers), cancellationToken).ConfigureAwait(false);
            var question = new BasicProperties { ReplyTo = own.QueueName };
            await channel.BasicPublishAsync(names.AskExchange, string.Empty, mandatory: false, question, ReadOnlyMemory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            await Task.Delay(timeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }

        return Merge(answers);
    }

    /// <summary>Makes one node of what the workers of one process said.</summary>
    internal static IReadOnlyList<ClusterNode> Merge(IEnumerable<ClusterNode> answers) =>
    [
        .. answers
            .GroupBy(node => (node.NodeId, node.Host, node.ProcessId))
            .Select(group => group.First() with
            {
                Workers = [.. group.SelectMany(node => node.Workers).OrderBy(worker => worker.Type, StringComparer.Ordinal)],
                Timestamp = group.Max(node => node.Timestamp),
            })
            .OrderBy(node => node.NodeId, StringComparer.Ordinal)
            .ThenBy(node => node.ProcessId),
    ];

    private sealed class AnswerConsumer(IChannel channel, ConcurrentQueue<ClusterNode> answers) : AsyncDefaultBasicConsumer(channel)
    {
        public override Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
            IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
        {
            if (NodeMessages.TryRead(body.Span) is { } node)
            {
                answers.Enqueue(node);
            }

            return Task.CompletedTask;
        }
    }
}

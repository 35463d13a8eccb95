using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Topology;

/// <summary>Makes what the cluster needs on the broker. Making it again changes nothing.</summary>
internal static class ClusterTopology
{
    /// <summary>How often an operation comes back before it is run apart from others: its neighbours then no longer suffer from it.</summary>
    public const int SuspectAfter = 2;

    /// <summary>How often it may come back from there before it is dead: five starts in all.</summary>
    public const int SuspectDeliveryLimit = 2;

    /// <summary>Of the queue for all; beyond <see cref="SuspectAfter"/> only those reach it whose node ended while it moved them.</summary>
    public const int WorkDeliveryLimit = 20;

    /// <summary>Makes the exchanges through which nodes tell of themselves.</summary>
    public static async Task DeclareExchangesAsync(IChannel channel, TopologyNames names, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(names.AskExchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        await channel.ExchangeDeclareAsync(names.NodesExchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Makes the queues of a type, the last stop first, so that there is no moment without a way on.</summary>
    public static async Task DeclareTypeAsync(IChannel channel, TopologyNames names, string type, CancellationToken cancellationToken)
    {
        await DeclareAsync(channel, names.Dead(type), [], cancellationToken).ConfigureAwait(false);
        await DeclareAsync(channel, names.Exhausted(type), [], cancellationToken).ConfigureAwait(false);
        await DeclareAsync(channel, names.Suspect(type), Limited(SuspectDeliveryLimit, names.Exhausted(type)), cancellationToken).ConfigureAwait(false);
        await DeclareAsync(channel, names.Work(type), Limited(WorkDeliveryLimit, names.Exhausted(type)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes the queue of a batch's results, which goes when nobody has used it for so long. A classic one, on disk: a quorum queue is made
    /// for a long life, and holds back after 2,000 messages that are not acknowledged, as these are not until the batch is complete.
    /// </summary>
    public static Task DeclareResultsAsync(IChannel channel, string queue, TimeSpan keepFor, CancellationToken cancellationToken) =>
        channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "classic", ["x-expires"] = (long)keepFor.TotalMilliseconds },
            cancellationToken: cancellationToken);

    private static Task<QueueDeclareOk> DeclareAsync(IChannel channel, string queue, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        arguments["x-queue-type"] = "quorum";
        return channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
    }

    // At least once: what the limit takes out of one queue stays in it until the next has it.
    private static Dictionary<string, object?> Limited(int deliveryLimit, string next) => new()
    {
        ["x-delivery-limit"] = deliveryLimit,
        ["x-dead-letter-exchange"] = "",
        ["x-dead-letter-routing-key"] = next,
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };
}

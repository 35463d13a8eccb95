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

    /// <summary>How long a queue that only seals others may be left behind by whoever was killed before he could remove it.</summary>
    private static readonly TimeSpan FlushQueueExpires = TimeSpan.FromMinutes(1);

    /// <summary>Makes the queues of a type, the last stop first, so that there is no moment without a way on.</summary>
    public static async Task DeclareTypeAsync(IConnection connection, IChannel channel, TopologyNames names, string type, CancellationToken cancellationToken)
    {
        bool isNew = !await QueueProbe.ExistsAsync(connection, names.Work(type), cancellationToken).ConfigureAwait(false);
        await DeclareAsync(channel, names.Dead(type), "quorum", [], cancellationToken).ConfigureAwait(false);
        await DeclareAsync(channel, names.Exhausted(type), "quorum", [], cancellationToken).ConfigureAwait(false);
        await DeclareAsync(channel, names.Suspect(type), "quorum", Limited(SuspectDeliveryLimit, names.Exhausted(type)), cancellationToken).ConfigureAwait(false);
        await DeclareAsync(channel, names.Work(type), "quorum", Limited(WorkDeliveryLimit, names.Exhausted(type)), cancellationToken).ConfigureAwait(false);
        if (isNew)
        {
            await FlushBrokerAsync(channel, names, "quorum", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Makes the queue of a batch's results, which goes when nobody has used it for so long. A classic one, on disk: a quorum queue is made
    /// for a long life, and holds back after 2,000 messages that are not acknowledged, as these are not until the batch is complete.
    /// </summary>
    public static async Task DeclareResultsAsync(IChannel channel, TopologyNames names, string queue, TimeSpan keepFor, CancellationToken cancellationToken)
    {
        await DeclareAsync(channel, queue, "classic", Expiring(keepFor), cancellationToken).ConfigureAwait(false);
        await FlushBrokerAsync(channel, names, "classic", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes a queue behind others and removes it. A broker of 3.10 has said that a queue is made while two things about it are still in
    /// memory only, for a second or until the next is made: that its making was decided (Mnesia's log; without that the queue is gone
    /// after a kill), and where a quorum queue has its data (names.dets of Ra; without that it comes back empty and without a leader).
    /// </summary>
    private static async Task FlushBrokerAsync(IChannel channel, TopologyNames names, string kind, CancellationToken cancellationToken)
    {
        string queue = names.FlushQueue(Guid.NewGuid());
        await DeclareAsync(channel, queue, kind, Expiring(FlushQueueExpires), cancellationToken).ConfigureAwait(false);
        await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static Task<QueueDeclareOk> DeclareAsync(
        IChannel channel, string queue, string kind, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        arguments["x-queue-type"] = kind;
        return channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
    }

    private static Dictionary<string, object?> Expiring(TimeSpan after) => new() { ["x-expires"] = (long)after.TotalMilliseconds };

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

using PortMgmt.RabbitMq.Connection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

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

    private const string DeliveryLimit = "x-delivery-limit";

    /// <summary>Makes the exchanges; whoever may not make any can use those that are there.</summary>
    public static async Task DeclareExchangesAsync(IConnection connection, TopologyNames names, CancellationToken cancellationToken)
    {
        (string Name, string Type)[] all =
        [
            (names.AskExchange, ExchangeType.Fanout), (names.NodesExchange, ExchangeType.Fanout),
            (names.OperationsExchange, ExchangeType.Direct), (names.NotesExchange, ExchangeType.Direct),
        ];
        foreach ((string name, string type) in all)
        {
            if (await QueueProbe.ExchangeExistsAsync(connection, name, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            await using (channel.ConfigureAwait(false))
            {
                await channel.ExchangeDeclareAsync(name, type, durable: true, autoDelete: false, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Binds a queue to one of the exchanges, for those who may do that; for the others somebody else has.</summary>
    public static async Task TryBindAsync(IConnection connection, string queue, string exchange, string key, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                await channel.QueueBindAsync(queue, exchange, key, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason is { ReplyCode: Constants.AccessRefused or Constants.NotFound })
            {
                // A worker has bound it, or does when it makes it: of several partitions some may not be there yet, or be gone.
            }
        }
    }

    /// <summary>How long a queue that only seals others may be left behind by whoever was killed before he could remove it.</summary>
    private static readonly TimeSpan FlushQueueExpires = TimeSpan.FromMinutes(1);

    /// <summary>Makes the queues of a type, the last stop first, so that there is no moment without a way on.</summary>
    public static async Task DeclareTypeAsync(IConnection connection, IChannel channel, TopologyNames names, TypeLayout layout, CancellationToken cancellationToken)
    {
        string type = layout.Type;
        bool isNew = false;
        foreach (string queue in layout.Queues.Append(layout.Marker).Distinct())
        {
            isNew |= !await QueueProbe.ExistsAsync(connection, queue, cancellationToken).ConfigureAwait(false);
        }

        await EnsureAsync(connection, channel, names.Dead(type), Spread(layout, Unlimited(connection, [])), cancellationToken).ConfigureAwait(false);
        await EnsureAsync(connection, channel, names.Exhausted(type), Spread(layout, Unlimited(connection, [])), cancellationToken).ConfigureAwait(false);
        await EnsureAsync(connection, channel, names.Suspect(type), Spread(layout, Limited(SuspectDeliveryLimit, names.Exhausted(type))), cancellationToken).ConfigureAwait(false);
        if (layout.Partitions > 1)
        {
            await EnsureAsync(connection, channel, layout.Marker, Spread(layout, Unlimited(connection, [])), cancellationToken).ConfigureAwait(false);
        }

        foreach ((string queue, string key) in layout.Queues.Zip(layout.Keys))
        {
            await DeclareAsync(channel, queue, "quorum", Spread(layout, Limited(WorkDeliveryLimit, names.Exhausted(type))), cancellationToken).ConfigureAwait(false);
            await channel.QueueBindAsync(queue, names.OperationsExchange, key, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        if (isNew)
        {
            await FlushBrokerAsync(channel, names, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Makes the queue of a batch's results, which goes when nobody has used it for so long. A quorum queue: it outlives the loss of any one
    /// node of the broker, and whoever consumes it or publishes to it does not even notice. Such a queue holds back after as many messages
    /// without acknowledgement as a prefetch can say, so that a submitter lets the oldest go before (<c>ClusterBatchOptions.MaxHeld</c>).
    /// </summary>
    public static async Task DeclareResultsAsync(IConnection connection, IChannel channel, TopologyNames names, string queue, TimeSpan keepFor, CancellationToken cancellationToken)
    {
        await DeclareAsync(channel, queue, "quorum", Unlimited(connection, Expiring(keepFor)), cancellationToken).ConfigureAwait(false);
        await FlushBrokerAsync(channel, names, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes a queue behind others and removes it. A broker of 3.10 has said that a queue is made while two things about it are still in
    /// memory only, for a second or until the next is made: that its making was decided (Mnesia's log; without that the queue is gone
    /// after a kill), and where a quorum queue has its data (names.dets of Ra; without that it comes back empty and without a leader).
    /// </summary>
    private static async Task FlushBrokerAsync(IChannel channel, TopologyNames names, CancellationToken cancellationToken)
    {
        string queue = names.FlushQueue(Guid.NewGuid());
        await DeclareAsync(channel, queue, "quorum", Expiring(FlushQueueExpires), cancellationToken).ConfigureAwait(false);
        await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static Task<QueueDeclareOk> DeclareAsync(
        IChannel channel, string queue, string kind, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        arguments["x-queue-type"] = kind;
        return channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
    }

    // From 4.0 a queue has a limit of 20 where none is said, after which a message is dropped. Looking at a dead letter counts, and so does
    // each connection of a submitter to its results. Before, there is no word for "none", and what goes back keeps its place only without a limit.
    private static Dictionary<string, object?> Unlimited(IConnection connection, Dictionary<string, object?> arguments)
    {
        if (BrokerVersion.LimitsDeliveries(connection))
        {
            arguments[DeliveryLimit] = -1;
        }

        return arguments;
    }

    private static Dictionary<string, object?> Expiring(TimeSpan after) => new() { ["x-expires"] = (long)after.TotalMilliseconds };

    // Else all leaders are on the node to which the first worker was connected. The broker counts the leaders of all queues, busy or not, so
    // that those which have nothing to do are spread as well: three partitions on three nodes are one on each.
    private static Dictionary<string, object?> Spread(TypeLayout layout, Dictionary<string, object?> arguments)
    {
        if (layout.Partitions > 1)
        {
            arguments["x-queue-leader-locator"] = "balanced";
        }

        return arguments;
    }

    // One that is there is left as it is: an earlier version of the broker made it, or the type had another number of partitions, and one that
    // is declared with other arguments is refused.
    private static async Task EnsureAsync(IConnection connection, IChannel channel, string queue, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        if (!await QueueProbe.ExistsAsync(connection, queue, cancellationToken).ConfigureAwait(false))
        {
            await DeclareAsync(channel, queue, "quorum", arguments, cancellationToken).ConfigureAwait(false);
        }
    }

    // At least once: what the limit takes out of one queue stays in it until the next has it.
    private static Dictionary<string, object?> Limited(int deliveryLimit, string next) => new()
    {
        [DeliveryLimit] = deliveryLimit,
        ["x-dead-letter-exchange"] = "",
        ["x-dead-letter-routing-key"] = next,
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };
}

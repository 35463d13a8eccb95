using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Topology;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>What the sessions of an inbox work with: it stays when the connection goes.</summary>
/// <param name="Options">The cluster and the node.</param>
/// <param name="Inbox">The type, its room, and who takes its operations in.</param>
/// <param name="Names">The queues' names.</param>
/// <param name="Publisher">What sends.</param>
/// <param name="Held">The operations that the node has and has not answered.</param>
/// <param name="Taken">When what was taken last had been submitted.</param>
/// <param name="OnBroken">Called when something on the connection is not as it should be.</param>
internal sealed record InboxServices(
    ClusterOptions Options, ClusterInboxOptions Inbox, TopologyNames Names, Publisher Publisher, HeldDeliveries Held, TakenTimes Taken, Action OnBroken)
{
    /// <summary>Takes an operation in.</summary>
    public async ValueTask TakeAsync(BrokerDelivery delivery)
    {
        Held.Add(delivery);
        await Inbox.OnDelivery(delivery).ConfigureAwait(false);
    }

    /// <summary>Makes what writes dead letters of the type and acknowledges their originals.</summary>
    public DeadLetterPublisher MakeDeadLetters(AckBatcher acks) => new(Names, Inbox.Type, Options, Publisher, acks);
}

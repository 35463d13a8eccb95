using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>Takes operations from a queue: those that are none are buried, those that came back too often are set apart, the others go in.</summary>
internal sealed class WorkConsumer(IChannel channel, string type, bool isSuspect, Burials burials, Func<ClusterDelivery, ValueTask> onDelivery, Action onBroken)
    : AsyncDefaultBasicConsumer(channel)
{
    /// <inheritdoc/>
    public override async Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        burials.Settlement.Open(deliveryTag);
        var message = new ReceivedMessage(deliveryTag, properties, body);
        if (!isSuspect && message.Returns >= ClusterTopology.SuspectAfter)
        {
            burials.Isolate(message);
        }
        else if (message.TryRead(burials.Settlement, type, isSuspect, out string? flaw) is { } delivery)
        {
            await onDelivery(delivery).ConfigureAwait(false);
        }
        else
        {
            burials.Bury(message, OperationErrorCode.MessageInvalid, $"The message is no operation: {flaw}.");
        }
    }

    /// <inheritdoc/>
    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        // By the broker: the queue was deleted, or its leader moved.
        onBroken();
        return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }
}

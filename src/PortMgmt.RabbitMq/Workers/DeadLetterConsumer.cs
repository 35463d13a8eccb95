using PortMgmt.Operations;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>
/// Makes dead letters of what the broker gave up because it came back too often. It runs nothing of the operation, so it survives it; workers and
/// submitters of the type all do it, so that somebody answers as long as anybody is there.
/// </summary>
internal sealed class DeadLetterConsumer(IChannel channel, DeadLetterPublisher deadLetters) : AsyncDefaultBasicConsumer(channel)
{
    /// <summary>How many it works on at once.</summary>
    public const ushort Prefetch = 16;

    /// <inheritdoc/>
    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        deadLetters.AckBatcher.Open(deliveryTag);
        var message = new ReceivedMessage(deliveryTag, properties, body);
        if (message.HasExpired)
        {
            deadLetters.Publish(message, OperationErrorCode.MessageInvalid, "The message said how long it may wait, and no node took it within that time. Send it without an expiration.");
        }
        else
        {
            deadLetters.Publish(
                message, OperationErrorCode.DeliveryLimitReached,
                "Each node that took the operation ended, or gave it back, before it had a result: it is not tried again. Find out what it does to them, then replay it.");
        }

        return Task.CompletedTask;
    }
}

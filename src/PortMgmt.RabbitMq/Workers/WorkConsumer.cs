using PortMgmt.Operations;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>Takes operations from a queue: those that are none become dead letters, those that came back too often are set apart, the others go in.</summary>
/// <param name="channel">The channel.</param>
/// <param name="type">The queue's type.</param>
/// <param name="isSuspect">The queue is the one of those that run apart.</param>
/// <param name="deadLetters">Where the others go.</param>
/// <param name="onDelivery">Takes an operation in.</param>
/// <param name="onBroken">Called when the queue is lost.</param>
internal sealed class WorkConsumer(IChannel channel, string type, bool isSuspect, DeadLetterPublisher deadLetters, Func<BrokerDelivery, ValueTask> onDelivery, Action onBroken)
    : AsyncDefaultBasicConsumer(channel)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Nothing more comes: it was cancelled, and took in what had come before, or its channel is gone.</summary>
    public Task Ended => _ended.Task;

    /// <inheritdoc/>
    public override async Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        deadLetters.AckBatcher.Open(deliveryTag);
        var message = new ReceivedMessage(deliveryTag, properties, body);
        if (!isSuspect && message.Returns >= ClusterTopology.SuspectAfter)
        {
            deadLetters.Isolate(message);
        }
        else if (message.TryRead(deadLetters.AckBatcher, type, isSuspect, out string? flaw) is { } delivery)
        {
            await onDelivery(delivery).ConfigureAwait(false);
        }
        else
        {
            deadLetters.Publish(message, OperationErrorCode.MessageInvalid, $"The message is no operation: {flaw}.");
        }
    }

    /// <inheritdoc/>
    public override Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        _ended.TrySetResult();
        return base.HandleBasicCancelOkAsync(consumerTag, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
    {
        _ended.TrySetResult();
        return base.HandleChannelShutdownAsync(channel, reason);
    }

    /// <inheritdoc/>
    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        // By the broker: the queue was deleted, or its leader moved.
        _ended.TrySetResult();
        onBroken();
        return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }
}

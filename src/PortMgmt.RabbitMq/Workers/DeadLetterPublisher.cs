using System.Globalization;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>
/// Makes dead letters: first the letter with its error, then, where a submitter can be named, a failed result for it, then the
/// original goes. A crash between two steps repeats them, so an operation may get two failed results, of which one counts.
/// </summary>
internal sealed class DeadLetterPublisher(TopologyNames names, string type, ClusterOptions options, Publisher publisher, AckBatcher acks)
{
    /// <summary>In a dead letter: what went wrong.</summary>
    public const string ErrorHeader = "x-portmgmt-error";

    /// <summary>In a dead letter: which failure that is.</summary>
    public const string CodeHeader = "x-portmgmt-code";

    /// <summary>In a dead letter: the node that wrote it.</summary>
    public const string NodeHeader = "x-portmgmt-node";

    /// <summary>In a dead letter: when, in ISO 8601.</summary>
    public const string TimeHeader = "x-portmgmt-time";

    private long _open;
    private long _isolated;

    /// <summary>What acknowledges.</summary>
    public AckBatcher AckBatcher => acks;

    /// <summary>Messages are on their way to another queue, or there and not acknowledged here. On a connection that is gone nothing is.</summary>
    public bool IsBusy => Interlocked.Read(ref _open) > 0 || acks.Waiting > 0;

    /// <summary>How many messages were moved to the queue of those that run apart.</summary>
    public long Isolated => Interlocked.Read(ref _isolated);

    /// <summary>Makes a dead letter of a message.</summary>
    /// <param name="message">The message, open on the acks's channel.</param>
    /// <param name="code">Which failure.</param>
    /// <param name="error">What went wrong.</param>
    public void Publish(ReceivedMessage message, OperationErrorCode code, string error)
    {
        Interlocked.Increment(ref _open);
        BasicProperties properties = message.CopyProperties();
        properties.Headers = new Dictionary<string, object?>
        {
            [ErrorHeader] = error,
            [CodeHeader] = code.ToString(),
            [NodeHeader] = options.NodeId,
            [TimeHeader] = options.TimeProvider.GetUtcNow().ToString("o", CultureInfo.InvariantCulture),
        };
        Send(names.Dead(type), properties, message.Body, () => Answer(message, code, error), message);
    }

    /// <summary>Moves a message to the queue of those that run apart.</summary>
    public void Isolate(ReceivedMessage message)
    {
        Interlocked.Increment(ref _open);
        Interlocked.Increment(ref _isolated);
        Send(names.Suspect(type), message.CopyProperties(), message.Body, () => End(message), message);
    }

    private void Answer(ReceivedMessage message, OperationErrorCode code, string error)
    {
        if (!OperationMessages.TryReadKey(message.Properties.MessageId, out string batchId, out string operationId))
        {
            End(message);
            return;
        }

        var result = new ClusterResult
        {
            OperationId = operationId,
            Status = OperationStatus.Failed,
            NodeId = options.NodeId,
            Error = error,
            ErrorCode = code,
            Attempts = message.Returns,
        };
        var properties = new BasicProperties
        {
            MessageId = Guid.NewGuid().ToString("N"),
            Type = ResultMessages.ResultsType,
            ContentType = OperationMessages.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
        };
        Send(names.Results(batchId), properties, ResultMessages.Write([result]), () => End(message), message);
    }

    private void Send(string queue, BasicProperties properties, ReadOnlyMemory<byte> body, Action then, ReceivedMessage message) =>
        publisher.Send(new Step(then, () => GiveUp(message)) { Queue = queue, Properties = properties, Body = body });

    // Handed on before it counts as done here: whoever waits for both sees no moment without either.
    private void End(ReceivedMessage message)
    {
        acks.Acknowledge(message.Tag);
        Interlocked.Decrement(ref _open);
    }

    private void GiveUp(ReceivedMessage message)
    {
        acks.Return(message.Tag);
        Interlocked.Decrement(ref _open);
    }

    private sealed class Step(Action then, Action giveUp) : OutgoingMessage
    {
        public override void OnConfirmed() => then();

        public override void OnRefused(string reason, bool isUnroutable)
        {
            // Without a queue there is nobody who waits for it; what the broker could not store is tried again.
            if (isUnroutable)
            {
                then();
            }
            else
            {
                giveUp();
            }
        }
    }
}

using PortMgmt.RabbitMq.Messages;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>A message as it came, with a body of its own: the client uses the memory again.</summary>
internal sealed class ReceivedMessage(ulong tag, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
{
    private const string DeliveryCount = "x-delivery-count";

    /// <summary>Its tag on the channel.</summary>
    public ulong Tag => tag;

    /// <summary>Its properties.</summary>
    public IReadOnlyBasicProperties Properties => properties;

    /// <summary>Its body.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body.ToArray();

    /// <summary>How often it came back from a consumer, as the broker counts.</summary>
    public int Returns => properties.Headers?.TryGetValue(DeliveryCount, out object? count) == true
        ? Convert.ToInt32(count, System.Globalization.CultureInfo.InvariantCulture)
        : 0;

    /// <summary>The properties for sending it on, without what the broker wrote into the headers.</summary>
    public BasicProperties CopyProperties() => new()
    {
        // Without an id a confirmation could not tell messages apart.
        MessageId = properties.MessageId ?? Guid.NewGuid().ToString("N"),
        Type = properties.Type,
        ContentType = properties.ContentType,
        ContentEncoding = properties.ContentEncoding,
        ReplyTo = properties.ReplyTo,
        DeliveryMode = DeliveryModes.Persistent,
    };

    /// <summary>Reads an operation out of it.</summary>
    /// <param name="acks">What acknowledges it.</param>
    /// <param name="type">The queue's type.</param>
    /// <param name="isSuspect">It runs apart from others.</param>
    /// <param name="flaw">Gets why it is none; null if it is one.</param>
    public BrokerDelivery? TryRead(AckBatcher acks, string type, bool isSuspect, out string? flaw)
    {
        flaw = OperationMessages.FindFlaw(properties, Body.Span, type);
        if (flaw is not null)
        {
            return null;
        }

        OperationMessages.TryReadKey(properties.MessageId, out string batchId, out string operationId);
        return new BrokerDelivery
        {
            AckBatcher = acks,
            Tag = tag,
            IsSuspect = isSuspect,
            BatchId = batchId,
            OperationId = operationId,
            Type = type,
            Input = Body,
            Returns = Returns,
            Key = properties.MessageId!,
        };
    }
}

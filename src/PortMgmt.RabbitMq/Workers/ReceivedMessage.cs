using System.Text;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Messages;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>
/// A message as it came, with a body of its own, since the client uses the memory again. Nothing in it is trusted: it may be anybody's.
/// </summary>
internal sealed class ReceivedMessage(ulong tag, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
{
    private const string DeliveryCount = "x-delivery-count";

    /// <summary>Why a queue gave the message up, in the words of the broker.</summary>
    private const string FirstDeathReason = "x-first-death-reason";

    private const int MaxShortString = 255;

    /// <summary>Its tag on the channel.</summary>
    public ulong Tag => tag;

    /// <summary>Its properties.</summary>
    public IReadOnlyBasicProperties Properties => properties;

    /// <summary>How many bytes its body has.</summary>
    public int Length { get; } = body.Length;

    /// <summary>Its body, of which no more is kept than an operation may have.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body[..Math.Min(body.Length, ClusterLimits.MaxInputBytes)].ToArray();

    /// <summary>How often it came back from a consumer, as the broker counts; 0 where a header of that name says something else.</summary>
    public int Returns => HeaderOf(DeliveryCount) switch
    {
        long count => (int)Math.Clamp(count, 0, int.MaxValue),
        int count => Math.Max(count, 0),
        uint count => (int)Math.Min(count, int.MaxValue),
        short count => Math.Max((int)count, 0),
        ushort count => count,
        byte count => count,
        sbyte count => Math.Max((int)count, 0),
        _ => 0,
    };

    /// <summary>It waited longer than it said that it may.</summary>
    public bool HasExpired => HeaderOf(FirstDeathReason) is byte[] reason && reason.AsSpan().SequenceEqual("expired"u8);

    /// <summary>The properties for sending it on, without what the broker or anybody wrote into the headers.</summary>
    public BasicProperties CopyProperties() => new()
    {
        // Without an id a confirmation could not tell messages apart.
        MessageId = Fit(properties.MessageId) ?? Guid.NewGuid().ToString("N"),
        Type = Fit(properties.Type),
        ContentType = Fit(properties.ContentType),
        ContentEncoding = Fit(properties.ContentEncoding),
        ReplyTo = Fit(properties.ReplyTo),
        DeliveryMode = DeliveryModes.Persistent,
        Timestamp = properties.Timestamp,
    };

    /// <summary>Reads an operation out of it.</summary>
    /// <param name="acks">What acknowledges it.</param>
    /// <param name="type">The queue's type.</param>
    /// <param name="isSuspect">It runs apart from others.</param>
    /// <param name="flaw">Gets why it is none; null if it is one.</param>
    public BrokerDelivery? TryRead(AckBatcher acks, string type, bool isSuspect, out string? flaw)
    {
        flaw = OperationMessages.FindFlaw(properties, Body.Span, Length, type);
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
            SubmittedAt = OperationMessages.ReadTime(properties),
        };
    }

    private object? HeaderOf(string name) => properties.Headers?.TryGetValue(name, out object? value) == true ? value : null;

    // What is not UTF-8 became longer by being read, and the protocol has room for so many bytes.
    private static string? Fit(string? text)
    {
        if (text is null || Encoding.UTF8.GetByteCount(text) <= MaxShortString)
        {
            return text;
        }

        Encoding.UTF8.GetEncoder().Convert(text, new byte[MaxShortString], flush: false, out int chars, out _, out _);
        return text[..chars];
    }
}

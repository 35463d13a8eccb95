using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Messages;

/// <summary>
/// Operations as messages: the type in the type, batch and id in the message id, the input as the body. There is no place for code.
/// </summary>
internal static class OperationMessages
{
    /// <summary>What every body is.</summary>
    public const string ContentType = "application/json";

    private const char Separator = '/';
    private const int MaxDepth = 64;

    /// <summary>The message id: what makes an operation the same wherever it comes from.</summary>
    public static string KeyOf(string batchId, string operationId) => batchId + Separator + operationId;

    /// <summary>The properties of an operation.</summary>
    public static BasicProperties Describe(TopologyNames names, string batchId, in ClusterOperation operation, DateTimeOffset now) => new()
    {
        MessageId = KeyOf(batchId, operation.Id),
        Type = operation.Type,
        ContentType = ContentType,
        ReplyTo = names.Results(batchId),
        DeliveryMode = DeliveryModes.Persistent,
        Timestamp = new AmqpTimestamp(now.ToUnixTimeSeconds()),
    };

    /// <summary>When a message says that it was sent; null where it does not say, or nothing that is a time.</summary>
    public static DateTimeOffset? ReadTime(IReadOnlyBasicProperties properties)
    {
        long seconds = properties.Timestamp.UnixTime;
        return properties.IsTimestampPresent() && seconds > 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
    }

    /// <summary>Why an operation cannot be sent; null if it can.</summary>
    public static string? FindFlaw(in ClusterOperation operation)
    {
        if (!ClusterName.IsValid(operation.Type))
        {
            return $"the type '{operation.Type}' is none: 1 to {ClusterName.MaxLength} letters, digits and . _ : - are";
        }

        if (string.IsNullOrEmpty(operation.Id) || Encoding.UTF8.GetByteCount(operation.Id) > ClusterLimits.MaxIdBytes)
        {
            return $"its id has no characters, or more than {ClusterLimits.MaxIdBytes} bytes";
        }

        return null;
    }

    /// <summary>Reads a message id.</summary>
    public static bool TryReadKey(string? key, out string batchId, out string operationId)
    {
        int at = key?.IndexOf(Separator, StringComparison.Ordinal) ?? -1;
        batchId = at > 0 ? key![..at] : string.Empty;
        operationId = at > 0 ? key![(at + 1)..] : string.Empty;
        return ClusterName.IsValid(batchId) && operationId.Length > 0;
    }

    /// <summary>Why a message is no operation of a type; null if it is one.</summary>
    public static string? FindFlaw(IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body, string type) => FindFlaw(properties, body, body.Length, type);

    /// <summary>Why a message is no operation of a type; null if it is one.</summary>
    /// <param name="properties">Its properties.</param>
    /// <param name="body">Its body, or the beginning of one that is too long.</param>
    /// <param name="length">How many bytes the body has.</param>
    /// <param name="type">The type.</param>
    public static string? FindFlaw(IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body, int length, string type)
    {
        if (!TryReadKey(properties.MessageId, out _, out _))
        {
            return "its message id is not made of a batch and an id";
        }

        if (properties.Type != type)
        {
            return $"its type is '{Cut(properties.Type)}', and this is the queue of '{type}'";
        }

        if (properties.ContentType != ContentType || properties.ContentEncoding is not null)
        {
            return $"its content type is '{Cut(properties.ContentType)}', and only {ContentType} is taken: messages carry data, never code";
        }

        if (length > ClusterLimits.MaxInputBytes)
        {
            return $"its body has {length} bytes, of which the letter keeps the first {body.Length}, and {ClusterLimits.MaxInputBytes} are the most";
        }

        return IsJson(body) ? null : "its body is not one JSON value";
    }

    /// <summary>Whether a text is one JSON value in UTF-8.</summary>
    public static bool IsJson(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !Utf8.IsValid(text))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
                // To its end: whatever is wrong with it throws.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Cut(string? text) => text is { Length: > 100 } ? text[..100] + "…" : text ?? "";
}

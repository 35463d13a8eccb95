using System.Text;
using System.Text.Json;
using PortMgmt.Cli.Batch;
using PortMgmt.Cluster.Transport;

namespace PortMgmt.Cli.Cluster;

/// <summary>Makes of what came what a command takes: a text as it is, everything else as its JSON.</summary>
/// <param name="template">The command, which says what fields are needed.</param>
internal sealed class DeliveryReader(CommandTemplate template)
{
    private readonly string[] _names = [.. template.Fields];
    private long _count;

    /// <summary>Reads an operation.</summary>
    /// <exception cref="FormatException">It is none for this command.</exception>
    public BatchOperation Read(ClusterDelivery delivery)
    {
        byte[] text = ReadText(delivery.Input.Span);
        byte[]?[]? fields = template.HasField ? JsonLine.TryRead(text, _names) : null;
        for (int i = 0; i < fields?.Length; i++)
        {
            RequireArgument(fields[i] ?? throw new FormatException($"The input has no field '{_names[i]}', which the worker's command asks for."));
        }

        if (template.HasOperation)
        {
            RequireArgument(text);
        }

        return new BatchOperation(Interlocked.Increment(ref _count), text, fields!, null);
    }

    private static byte[] ReadText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? Encoding.UTF8.GetBytes(reader.GetString()!) : json.ToArray();
    }

    private static void RequireArgument(byte[] text)
    {
        if (text.Contains((byte)0))
        {
            throw new FormatException("The input has a NUL character, which no argument can hold.");
        }
    }
}

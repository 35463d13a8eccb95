using System.Text.Json;
using System.Text.Json.Serialization;
using PortMgmt.Cluster;

namespace PortMgmt.RabbitMq.Nodes;

/// <summary>Nodes' descriptions of themselves as JSON.</summary>
internal static class NodeMessages
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Writes one.</summary>
    public static ReadOnlyMemory<byte> Write(ClusterNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Format);

    /// <summary>Reads one; null if it is none.</summary>
    public static ClusterNode? TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<ClusterNode>(body, Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

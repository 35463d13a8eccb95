using System.Text.Json;
using PortMgmt.Cluster;

namespace PortMgmt.RabbitMq.Nodes;

/// <summary>Nodes' descriptions of themselves as JSON.</summary>
internal static class NodeMessages
{
    /// <summary>Writes one.</summary>
    public static ReadOnlyMemory<byte> Write(ClusterNode node) => JsonSerializer.SerializeToUtf8Bytes(NodeMessage.From(node), NodeJson.Default.NodeMessage);

    /// <summary>Reads one; null if it is none.</summary>
    public static ClusterNode? TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            NodeMessage? message = JsonSerializer.Deserialize(body, NodeJson.Default.NodeMessage);
            return message is null || message.Workers.Contains(null!) ? null : message.ToNode();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

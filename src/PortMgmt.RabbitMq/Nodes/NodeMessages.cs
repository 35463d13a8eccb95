using System.Text.Json;
using PortMgmt.Cluster;

namespace PortMgmt.RabbitMq.Nodes;

/// <summary>Nodes' descriptions of themselves as JSON.</summary>
internal static class NodeMessages
{
    /// <summary>Writes one.</summary>
    public static ReadOnlyMemory<byte> Write(ClusterNode node) => JsonSerializer.SerializeToUtf8Bytes(NodeMessage.From(node), NodeJson.Default.NodeMessage);

    /// <summary>Writes which operations of a batch a worker has.</summary>
    public static ReadOnlyMemory<byte> Write(HeldOperations held) => JsonSerializer.SerializeToUtf8Bytes(held, NodeJson.Default.HeldOperations);

    /// <summary>Reads which operations of a batch a worker has; null if the message says nothing of that.</summary>
    public static HeldOperations? TryReadHeld(ReadOnlySpan<byte> body)
    {
        try
        {
            HeldOperations? held = JsonSerializer.Deserialize(body, NodeJson.Default.HeldOperations);
            return held is null || held.Ids.Contains(null!) ? null : held;
        }
        catch (JsonException)
        {
            return null;
        }
    }

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

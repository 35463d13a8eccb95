using System.Text.Json.Serialization;
using PortMgmt.Cluster;

namespace PortMgmt.RabbitMq.Nodes;

/// <summary>A node's description of itself as it travels: the order of the members is that of the JSON.</summary>
internal sealed record NodeMessage
{
    public required string NodeId { get; init; }

    public required string ClusterId { get; init; }

    public required string Host { get; init; }

    public required int ProcessId { get; init; }

    public required IReadOnlyList<ClusterWorkerState> Workers { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Repeats what the workers say, for whoever reads messages at the broker; it is not read back.</summary>
    public IReadOnlyList<string> Types => ToNode().Types;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Version { get; init; }

    public static NodeMessage From(ClusterNode node) => new()
    {
        NodeId = node.NodeId,
        ClusterId = node.ClusterId,
        Host = node.Host,
        ProcessId = node.ProcessId,
        Workers = node.Workers,
        Timestamp = node.Timestamp,
        Version = node.Version,
    };

    public ClusterNode ToNode() => new()
    {
        NodeId = NodeId,
        ClusterId = ClusterId,
        Host = Host,
        ProcessId = ProcessId,
        Workers = Workers,
        Timestamp = Timestamp,
        Version = Version,
    };
}

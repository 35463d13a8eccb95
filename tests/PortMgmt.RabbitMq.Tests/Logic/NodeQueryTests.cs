using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Nodes;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class NodeQueryTests
{
    [Fact]
    public void Merge_WorkersOfOneProcess_AreOneNode()
    {
        IReadOnlyList<ClusterNode> nodes = NodeQuery.Merge([Node("b", 2, "x", 1), Node("a", 1, "y", 5), Node("a", 1, "x", 3), Node("a", 9, "x", 1)]);
        Assert.Equal([("a", 1), ("a", 9), ("b", 2)], nodes.Select(node => (node.NodeId, node.ProcessId)));
        Assert.Equal(["x", "y"], nodes[0].Workers.Select(worker => worker.Type));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(5), nodes[0].Timestamp);
    }

    [Fact]
    public void TryRead_WhatWasWritten_IsTheSame()
    {
        ClusterNode node = Node("a", 1, "x", 3);
        ClusterNode? read = NodeMessages.TryRead(NodeMessages.Write(node).Span);
        Assert.Equal((node.NodeId, node.ProcessId, node.Host, node.Timestamp), (read?.NodeId, read?.ProcessId, read?.Host, read?.Timestamp));
        Assert.Equal(node.Workers.Single(), read!.Workers.Single());
        Assert.Null(NodeMessages.TryRead("{ not ours"u8));
    }

    private static ClusterNode Node(string id, int process, string type, int second) => new()
    {
        NodeId = id,
        ClusterId = "c",
        Host = "h",
        ProcessId = process,
        Workers = [new ClusterWorkerState { Type = type, MaxConcurrent = 4, Condition = ClusterWorkerCondition.Unhealthy, Reason = "tired" }],
        Timestamp = DateTimeOffset.UnixEpoch.AddSeconds(second),
    };
}

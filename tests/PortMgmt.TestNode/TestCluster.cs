using PortMgmt.Cluster;

namespace PortMgmt.TestNode;

/// <summary>The cluster of a test, from its name.</summary>
internal static class TestCluster
{
    public static ClusterOptions Of(string cluster, string node) => new()
    {
        Broker = BrokerAddress.Parse(null),
        ClusterId = cluster,
        NodeId = node,
        ReconnectFor = TimeSpan.FromMinutes(3),
    };
}

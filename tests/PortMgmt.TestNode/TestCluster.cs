using PortMgmt.Cluster;

namespace PortMgmt.TestNode;

/// <summary>The cluster of a test, from its name.</summary>
internal static class TestCluster
{
    public static ClusterOptions Of(string cluster, string node)
    {
        IReadOnlyList<BrokerAddress> brokers = BrokerAddress.ParseAll(null);
        return new ClusterOptions
        {
            Broker = brokers[0],
            OtherBrokers = [.. brokers.Skip(1)],
            ClusterId = cluster,
            NodeId = node,
            ReconnectFor = TimeSpan.FromMinutes(10),
        };
    }
}

using PortMgmt.TestNode;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>Three brokers for the tests of <see cref="AloneTests"/> that leave all of them running. Made by the first that asks.</summary>
public sealed class BrokerClusterFixture : IAsyncDisposable
{
    private TestBrokerCluster? _cluster;

    /// <summary>The brokers; without the package the test is skipped with the reason.</summary>
    internal async Task<TestBrokerCluster> GetAsync()
    {
        Assert.SkipUnless(TestBroker.FindObstacle() is null, TestBroker.FindObstacle() ?? "");
        return _cluster ??= await TestBrokerCluster.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}

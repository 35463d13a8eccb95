using PortMgmt.TestNode;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>One broker of three nodes for all tests that leave it whole: to start one takes longer than most tests.</summary>
public sealed class ThreeNodeFixture : IAsyncLifetime
{
    private TestBrokerCluster? _brokers;

    /// <summary>The brokers; without them the test is skipped with the reason.</summary>
    internal TestBrokerCluster Brokers
    {
        get
        {
            Assert.SkipUnless(_brokers is not null, TestBroker.FindObstacle() ?? "");
            return _brokers;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (TestBroker.FindObstacle() is null)
        {
            _brokers = await TestBrokerCluster.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_brokers is not null)
        {
            await _brokers.DisposeAsync();
        }
    }
}

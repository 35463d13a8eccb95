using PortMgmt.TestNode;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>One broker of three nodes for all tests that leave it whole: to start one takes longer than most tests.</summary>
public sealed class ThreeNodeFixture : SkippingFixture
{
    /// <summary>The brokers; without them the test is skipped with the reason.</summary>
    internal TestBrokerCluster Brokers => (TestBrokerCluster)Started;

    private protected override async Task<IAsyncDisposable> StartAsync() => await TestBrokerCluster.StartAsync();
}

using PortMgmt.TestNode;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>One broker for all tests that leave it running.</summary>
public sealed class BrokerFixture : SkippingFixture
{
    /// <summary>The broker; without one the test is skipped with the reason.</summary>
    internal TestBroker Broker => (TestBroker)Started;

    private protected override async Task<IAsyncDisposable> StartAsync() => await TestBroker.StartAsync();
}

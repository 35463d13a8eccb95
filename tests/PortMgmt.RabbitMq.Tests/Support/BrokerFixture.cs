using PortMgmt.TestNode;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>One broker for all tests that leave it running.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private TestBroker? _broker;

    /// <summary>The broker; without one the test is skipped with the reason.</summary>
    internal TestBroker Broker
    {
        get
        {
            Skip.If(_broker is null, TestBroker.FindObstacle());
            return _broker!;
        }
    }

    public async Task InitializeAsync()
    {
        if (TestBroker.FindObstacle() is null)
        {
            _broker = await TestBroker.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}

using PortMgmt.TestNode;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>Brokers that are started once for many tests; where this machine can run none, these are skipped with the reason.</summary>
public abstract class SkippingFixture : IAsyncLifetime
{
    private IAsyncDisposable? _started;

    private protected IAsyncDisposable Started
    {
        get
        {
            Assert.SkipUnless(_started is not null, TestBroker.FindObstacle() ?? "");
            return _started;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (TestBroker.FindObstacle() is null)
        {
            _started = await StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_started is not null)
        {
            await _started.DisposeAsync();
        }
    }

    private protected abstract Task<IAsyncDisposable> StartAsync();
}

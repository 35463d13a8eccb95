using PortMgmt.Operations.Concurrency;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class WakeSignalTests
{
    private readonly WakeSignal _signal = new();

    [Fact]
    public async Task Wait_NoSignal_BlocksUntilThereIsOne()
    {
        Task wait = OnThread(CancellationToken.None);
        Assert.NotSame(wait, await Task.WhenAny(wait, Task.Delay(20)));

        _signal.Set();

        await wait.WaitAsync(BatchExtensions.WaitTimeout);
    }

    [Fact]
    public async Task Wait_SignalThatWasForgotten_Blocks()
    {
        _signal.Set();
        await OnThread(CancellationToken.None).WaitAsync(BatchExtensions.WaitTimeout);
        _signal.Reset();

        Task wait = OnThread(CancellationToken.None);

        Assert.NotSame(wait, await Task.WhenAny(wait, Task.Delay(20)));
        _signal.Set();
        await wait.WaitAsync(BatchExtensions.WaitTimeout);
    }

    [Fact]
    public async Task Wait_CancelledBeforeOrMeanwhile_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        Task wait = OnThread(cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(BatchExtensions.WaitTimeout));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OnThread(cancellation.Token).WaitAsync(BatchExtensions.WaitTimeout));
    }

    private Task OnThread(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => _signal.Wait(Timeout.InfiniteTimeSpan, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}

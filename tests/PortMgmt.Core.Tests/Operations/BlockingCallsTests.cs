using Microsoft.Extensions.Time.Testing;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

/// <summary>Producers and readers that block a thread of their own: whatever makes it needless wakes them.</summary>
public sealed class BlockingCallsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public async Task Enqueue_Full_BlocksUntilThereIsRoomForEachOfSeveral()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 2 });
        Assert.Equal(2, Offer(batch, 2));
        Task[] blocked = [.. Enumerable.Range(10, 3).Select(input => OnThread(() => batch.Enqueue(new Operation<int>(input))))];
        Assert.DoesNotContain(await Task.WhenAny(Task.WhenAny(blocked), Task.Delay(20)), blocked);

        var outputs = new List<int>();
        while (outputs.Count < 5)
        {
            while (_workers.Woken > 0)
            {
                ManualWorkers.Drain(_workers.TakeWoken());
            }

            outputs.AddRange(batch.ReadAvailable().Select(result => result.Output));
        }

        await Task.WhenAll(blocked).WaitAsync(BatchExtensions.WaitTimeout);
        Assert.Equal([0, 1, 10, 11, 12], outputs.Order());
    }

    [Fact]
    public async Task Enqueue_UnboundedOutput_GoesOnWhenOperationsEnd()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 1, UnboundedOutput = true });
        batch.TryEnqueue(1);
        Task blocked = OnThread(() => batch.Enqueue(new Operation<int>(2)));

        ManualWorkers.Drain(_workers.TakeWoken());

        await blocked.WaitAsync(BatchExtensions.WaitTimeout);
    }

    [Fact]
    public async Task Enqueue_BatchIsStoppedMeanwhile_Throws()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 1 });
        batch.TryEnqueue(1);
        Task blocked = OnThread(() => batch.Enqueue(new Operation<int>(2)));

        batch.Cancel();

        OperationException closed = await Assert.ThrowsAsync<OperationException>(() => blocked.WaitAsync(BatchExtensions.WaitTimeout));
        Assert.Equal(OperationErrorCode.BatchClosed, closed.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Enqueue_SettingsMakeRoomMeanwhile_GoesOnThoughNothingEnds(bool blocks)
    {
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int>());
        int count = Offer(batch, int.MaxValue);
        var next = new Operation<int>(count);
        Task waiting = blocks ? OnThread(() => batch.Enqueue(next)) : batch.EnqueueAsync(next).AsTask();
        Assert.NotSame(waiting, await Task.WhenAny(waiting, Task.Delay(20)));

        scheduler.Configure(scheduler.Settings with { BatchSize = count });

        await waiting.WaitAsync(BatchExtensions.WaitTimeout);
    }

    [Fact]
    public async Task WaitToRead_NoResult_BlocksUntilThereIsOneAndUntilTheEnd()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 4 });
        batch.TryEnqueue(1);
        Task<bool> wait = OnThread(batch.WaitToRead);
        Assert.NotSame(wait, await Task.WhenAny(wait, Task.Delay(20)));

        ManualWorkers.Drain(_workers.TakeWoken());
        Assert.True(await wait.WaitAsync(BatchExtensions.WaitTimeout));
        Assert.True(batch.WaitToRead());
        Assert.True(batch.TryRead(out _));

        wait = OnThread(batch.WaitToRead);
        batch.Complete();
        Assert.False(await wait.WaitAsync(BatchExtensions.WaitTimeout));
    }

    [Fact]
    public async Task WaitToRead_AfterOthersWaitedOtherwise_IsWokenAllTheSame()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 1 });
        Func<Task<bool>>[] ways =
        [
            () => OnThread(batch.WaitToRead),
            () => batch.WaitToReadAsync().AsTask(),
            () => OnThread(() => batch.Wait(BatchExtensions.WaitTimeout)),
            () => batch.WaitToReadAsync().AsTask(),
            () => OnThread(batch.WaitToRead),
        ];
        foreach (Func<Task<bool>> way in ways)
        {
            batch.TryEnqueue(1);
            Task<bool> wait = way();
            ManualWorkers.Drain(_workers.TakeWoken());
            Assert.True(await wait.WaitAsync(BatchExtensions.WaitTimeout));
            Assert.True(batch.TryRead(out _));
        }
    }

    private static int Offer(OperationBatch<int, int> batch, int count)
    {
        int taken = 0;
        while (taken < count && batch.TryEnqueue(taken))
        {
            taken++;
        }

        return taken;
    }

    private OperationBatch<int, int> Start(OperationBatchOptions<int, int> options) =>
        new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock }).StartBatch(_workers.Make, options);

    /// <summary>Runs what blocks on a thread of its own.</summary>
    private static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<bool> OnThread(Func<bool> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}

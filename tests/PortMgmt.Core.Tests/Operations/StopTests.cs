using PortMgmt.Operations;
using PortMgmt.TestKit.Clocks;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class StopTests
{
    private readonly TimerCountingClock _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public void Cancel_Batch_WhatWaitsEndsAtOnceAndWhatRunsIsTold()
    {
        OperationBatch<int, int> batch = Start();
        OperationLane<int, int> lane = Enqueue(batch, 5);
        CancellationToken token = lane.Token;

        batch.Cancel();

        Assert.Equal(4, batch.ReadAvailable().Count(result => result.Status == OperationStatus.Cancelled));
        Assert.True(SpinWait.SpinUntil(() => token.IsCancellationRequested, BatchExtensions.WaitTimeout));
        lane.Fail(new OperationCanceledException());
        OperationResult<int, int> last = Assert.Single(batch.ReadAvailable());
        Assert.Equal(OperationStatus.Cancelled, last.Status);
        Assert.Equal(OperationErrorCode.OperationCancelled, Assert.IsType<OperationException>(last.Error).Code);
        Assert.True(batch.IsDrained);
    }

    [Fact]
    public void Succeed_DespiteTheStop_IsASuccess()
    {
        OperationBatch<int, int> batch = Start();
        OperationLane<int, int> lane = Enqueue(batch, 1);
        batch.Cancel();

        lane.Succeed(5);

        Assert.Equal(OperationStatus.Succeeded, Assert.Single(batch.ReadAvailable()).Status);
    }

    [Fact]
    public void TryEnqueue_Stopped_Throws()
    {
        OperationBatch<int, int> batch = Start();
        batch.Cancel();

        Assert.Equal(OperationErrorCode.BatchClosed, Assert.Throws<OperationException>(() => batch.TryEnqueue(1)).Code);
    }

    [Fact]
    public async Task StopAsync_ExecutorDoesNotHeed_IsGivenUpAfterTheGraceAndReported()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(new Operation<int>(1) { Id = "deaf" });
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Task<StopReport> stop = batch.StopAsync(TimeSpan.FromSeconds(3));
        _clock.Advance(TimeSpan.FromMilliseconds(2999));
        Assert.False(stop.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        StopReport report = await stop.WaitAsync(BatchExtensions.WaitTimeout);

        Assert.False(report.IsClean);
        Assert.Equal(new StuckOperation(1, "deaf", 0, TimeSpan.FromSeconds(4)), Assert.Single(report.Stuck));
        Assert.Equal(OperationStatus.Cancelled, Assert.Single(batch.ReadAvailable()).Status);
        Assert.True(batch.Completion.IsCompletedSuccessfully);
        await BatchExtensions.EventuallyAsync(() => _clock.PendingTimers == 0);
        lane.Succeed(1);
        Assert.Equal(0, batch.Scheduler.GetHealth().StuckOperations);
    }

    [Fact]
    public async Task StopAsync_EveryoneHeeds_ReportIsClean()
    {
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBatch(async (operation, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return operation.Input;
        });
        for (int i = 0; i < 100; i++)
        {
            batch.TryEnqueue(i);
        }

        StopReport report = await batch.StopAsync(BatchExtensions.WaitTimeout);

        Assert.True(report.IsClean);
        Assert.Equal(100, batch.ReadAvailable().Count(result => result.Status == OperationStatus.Cancelled));
    }

    [Fact]
    public async Task StopAsync_InvalidGraceOfTheScheduler_NothingIsStopped()
    {
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock });

        OperationException error = await Assert.ThrowsAsync<OperationException>(() => scheduler.StopAsync(TimeSpan.FromSeconds(-1)));

        Assert.Equal(OperationErrorCode.InvalidOption, error.Code);
        Assert.True(scheduler.GetHealth().IsRunning);
    }

    [Fact]
    public async Task StopAsync_Scheduler_TakesNoMoreBatches()
    {
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions { Name = "nightly" });
        await scheduler.StopAsync();

        OperationException error = Assert.Throws<OperationException>(() => scheduler.StartBatch(_workers.Make));

        Assert.Equal(OperationErrorCode.SchedulerStopped, error.Code);
        Assert.Contains("nightly", error.Message, StringComparison.Ordinal);
        Assert.False(scheduler.GetHealth().IsRunning);
    }

    [Fact]
    public async Task Completion_EveryWorker_IsDisposedOfOnce()
    {
        OperationBatch<int, int> batch = Start();
        OperationLane<int, int> first = Enqueue(batch, 5);
        batch.Complete();
        while (_workers.Woken > 0)
        {
            ManualWorkers.Drain(_workers.TakeWoken());
        }

        first.Succeed(1);
        ManualWorkers.Drain(first);

        await batch.Completion.WaitAsync(BatchExtensions.WaitTimeout);

        Assert.Equal(_workers.Lanes.Count, _workers.Disposed);
    }

    [Fact]
    public void Cancel_WhatALimitedTypeHeldBack_IsCancelledToo()
    {
        OperationBatch<int, int> batch = new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock })
            .StartBatch(_workers.Make, new OperationBatchOptions<int, int> { BatchSize = 1, TypeLimits = new Dictionary<string, int> { ["db"] = 1 } });
        for (int i = 0; i < 4; i++)
        {
            batch.TryEnqueue(new Operation<int>(i) { Type = "db" });
        }

        OperationLane<int, int> lane = _workers.TakeWoken();
        Assert.True(lane.TryNext(out _));

        batch.Cancel();
        Assert.Equal(3, batch.ReadAvailable().Count(result => result.Status == OperationStatus.Cancelled));
        lane.Fail(new OperationCanceledException());

        Assert.Equal(OperationStatus.Cancelled, Assert.Single(batch.ReadAvailable()).Status);
    }

    [Fact]
    public async Task BlockingWorkers_BatchEnds_NoThreadIsLeft()
    {
        HashSet<Thread> threads = [];
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBlockingBatch(
            (operation, _) =>
            {
                lock (threads)
                {
                    threads.Add(Thread.CurrentThread);
                }

                return operation.Input;
            },
            new OperationBatchOptions<int, int> { MaxConcurrent = 8, BatchSize = 1 });

        List<OperationResult<int, int>> results = await batch.RunAllAsync(Enumerable.Range(0, 5000).Select(i => new Operation<int>(i)));
        await batch.Completion.WaitAsync(BatchExtensions.WaitTimeout);

        Assert.Equal(5000, results.Count);
        Assert.NotEmpty(threads);
        Assert.All(threads, thread => Assert.True(thread.Join(BatchExtensions.WaitTimeout)));
    }

    [Fact]
    public async Task BlockingWorkers_StoppedWhileIdle_NoThreadIsLeft()
    {
        Thread? worker = null;
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBlockingBatch((operation, _) =>
        {
            worker = Thread.CurrentThread;
            return operation.Input;
        });
        batch.TryEnqueue(1);
        Assert.True(await batch.WaitToReadAsync());

        StopReport report = await batch.StopAsync(BatchExtensions.WaitTimeout);

        Assert.True(report.IsClean);
        Assert.True(worker!.Join(BatchExtensions.WaitTimeout));
    }

    [Fact]
    public void Worker_Idle_IsLetGoAfterHalfAMinute()
    {
        OperationBatch<int, int> batch = Start();
        Enqueue(batch, 1).Succeed(1);
        ManualWorkers.Drain(_workers.Lanes[0]);

        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0, _workers.Disposed);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, _workers.Disposed);
        Assert.Equal(0, _clock.PendingTimers);
        batch.TryEnqueue(2);
        Assert.Equal([2], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    private OperationLane<int, int> Enqueue(OperationBatch<int, int> batch, int count)
    {
        for (int i = 0; i < count; i++)
        {
            batch.TryEnqueue(i);
        }

        OperationLane<int, int> lane = _workers.TakeWoken();
        Assert.True(lane.TryNext(out _));
        return lane;
    }

    private OperationBatch<int, int> Start() =>
        new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock }).StartBatch(_workers.Make);
}

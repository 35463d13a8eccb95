using Microsoft.Extensions.Time.Testing;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

/// <summary>What batchSize, batchFlush and the limit do to hand-offs, with workers that the test pulls itself.</summary>
public sealed class HandOffTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public void Enqueue_NoWorkerYet_GoesOutAtOnce()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 4);

        batch.TryEnqueue(1);

        Assert.Equal([1], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    [Fact]
    public void Enqueue_WorkerIdle_GoesOutAtOnceToTheSameWorker()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 4);
        batch.TryEnqueue(1);
        OperationLane<int, int> lane = _workers.TakeWoken();
        ManualWorkers.Drain(lane);

        batch.TryEnqueue(2);

        Assert.Same(lane, _workers.TakeWoken());
        Assert.Equal([2], ManualWorkers.Drain(lane));
    }

    [Fact]
    public void Enqueue_AllBusy_GathersUntilBatchSize()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 4, batchSize: 10);
        Occupy(batch);

        Enqueue(batch, 9);
        Assert.Equal(0, _workers.Woken);
        Enqueue(batch, 1);

        Assert.Equal(1, _workers.Woken);
    }

    [Fact]
    public void Enqueue_AllBusy_OldestWaitsForFlushTimeAtMost()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 4, batchSize: 10, flushMs: 25);
        Occupy(batch);
        Enqueue(batch, 1);

        _clock.Advance(TimeSpan.FromMilliseconds(24));
        Assert.Equal(0, _workers.Woken);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, _workers.Woken);
    }

    [Fact]
    public void Complete_AllBusy_NothingGathersAnyLonger()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 4, batchSize: 10);
        Occupy(batch);
        Enqueue(batch, 1);

        batch.Complete();

        Assert.Equal(1, _workers.Woken);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void Refill_OneWorker_TakesUpToBatchSize(int batchSize)
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 1, batchSize: batchSize);
        OperationLane<int, int> lane = Occupy(batch);
        Enqueue(batch, 250);
        long before = lane.Chunks;

        lane.Succeed(0);
        ManualWorkers.Drain(lane);

        Assert.Equal((250 + batchSize - 1) / batchSize, lane.Chunks - before);
    }

    [Fact]
    public void Refill_SeveralWorkers_HandOffsShrinkTowardsTheEnd()
    {
        List<int> sizes = [];
        OperationBatch<int, int> batch = Start(
            maxConcurrent: 4, batchSize: 100, onEvent: e =>
            {
                if (e.Name == OperationEventNames.BatchScheduled)
                {
                    sizes.Add(e.Count);
                }
            });
        OperationLane<int, int> lane = Occupy(batch);
        Enqueue(batch, 400);

        lane.Succeed(0);
        ManualWorkers.Drain(lane);

        // The first is what occupied the worker; from then on each takes a quarter of what is left.
        Assert.Equal([1, 100, 75, 57], sizes.Take(4));
        Assert.Equal(1, sizes[^1]);
        Assert.Equal(sizes.Skip(1).OrderDescending(), sizes.Skip(1));
        Assert.Equal(401, sizes.Sum());
    }

    [Fact]
    public void Refill_LongOperations_HandOffHasWhatTheFlushTimeHolds()
    {
        List<int> sizes = [];
        OperationBatch<int, int> batch = Start(
            maxConcurrent: 1, batchSize: 100, flushMs: 10, onEvent: e =>
            {
                if (e.Name == OperationEventNames.BatchScheduled)
                {
                    sizes.Add(e.Count);
                }
            });
        OperationLane<int, int> lane = Occupy(batch);
        Enqueue(batch, 50);

        End(5);
        Assert.Equal([1, 2], sizes);
        End(20);
        End(20);
        Assert.Equal([1, 2, 1, 1], sizes);
        End(0);
        Assert.Equal([1, 2, 1, 1, 47], sizes);

        void End(int milliseconds)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            lane.Succeed(0);
            lane.TryNext(out _);
        }
    }

    [Fact]
    public void Refill_QueueEmpty_TakesOverWhatAnotherHasNotStarted()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 2, batchSize: 100, flushMs: 10);
        OperationLane<int, int> slow = Occupy(batch);
        Enqueue(batch, 16);
        batch.Complete();
        slow.Succeed(0);
        Assert.True(slow.TryNext(out _));

        List<int> helped = ManualWorkers.Drain(_workers.TakeWoken());

        // The slow one is still at its first; behind it were seven more.
        Assert.Equal(0, slow.Group.Single().Input);
        Assert.Equal(Enumerable.Range(1, 15), helped.Order());
    }

    [Fact]
    public void Refill_OthersHoldWhatComesFirst_PassesNoneOfIt()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 4, batchSize: 100, flushMs: 10);
        OperationLane<int, int> first = Occupy(batch);
        Enqueue(batch, 400);
        first.Succeed(0);
        Assert.True(first.TryNext(out _));

        // It just began, so that nobody can know how long it takes. It holds 99 more, 300 wait for others.
        List<int> begun = [.. Enumerable.Range(0, 3).Select(_ => Begin())];

        Assert.Equal([1, 2, 3], begun);

        int Begin()
        {
            Assert.True(_workers.TakeWoken().TryNext(out Operation<int>? operation));
            return operation.Input;
        }
    }

    [Fact]
    public void Refill_PriorityWaits_PassesWhatOthersHold()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 2, batchSize: 100, flushMs: 10);
        OperationLane<int, int> lane = Occupy(batch);
        Enqueue(batch, 100);
        lane.Succeed(0);
        Assert.True(lane.TryNext(out _));

        Assert.True(batch.TryEnqueue(new Operation<int>(1000) { Priority = OperationPriority.High }));

        Assert.True(_workers.TakeWoken().TryNext(out Operation<int>? urgent));
        Assert.Equal(1000, urgent.Input);
    }

    [Fact]
    public void Tick_OperationTakesLong_WhatIsBehindItGoesToAnotherAfterFlushTime()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 2, batchSize: 100, flushMs: 10);
        OperationLane<int, int> slow = Occupy(batch);
        Enqueue(batch, 12);
        slow.Succeed(0);
        Assert.True(slow.TryNext(out _));
        _clock.Advance(TimeSpan.FromMilliseconds(10));

        List<int> relieved = ManualWorkers.Drain(_workers.TakeWoken());

        // All but the one that runs, in their order.
        Assert.Equal(Enumerable.Range(1, 11), relieved);
    }

    [Fact]
    public void Tick_AllBusyWithLongOperations_TheFirstThatIsFreeGoesOnInOrder()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 2, batchSize: 100, flushMs: 10);
        OperationLane<int, int> first = Occupy(batch);
        Enqueue(batch, 12);
        batch.Complete();
        first.Succeed(0);
        Assert.True(first.TryNext(out _));
        OperationLane<int, int> second = _workers.TakeWoken();
        Assert.True(second.TryNext(out Operation<int>? other));
        int taken = other.Input;
        _clock.Advance(TimeSpan.FromMilliseconds(30));

        second.Succeed(0);
        Assert.True(second.TryNext(out Operation<int>? next));

        // What comes first, wherever it was, and no more than one: what was measured before is no guide.
        Assert.Equal((0, 1, 2), (first.Group.Single().Input, taken, next.Input));
        Assert.True(second.IsBetweenChunks);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(60_000)]
    public void Refill_NothingMeasured_IsOneOperationAWorkerAndThenAsMuchAsTakes20Milliseconds(int flushMs)
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 2, batchSize: 100, flushMs: flushMs);
        Enqueue(batch, 400);
        OperationLane<int, int> lane = _workers.TakeWoken();

        Assert.True(lane.TryNext(out _));
        Assert.True(lane.IsBetweenChunks);
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        lane.Succeed(0);
        Assert.True(lane.TryNext(out _));
        int given = 1;
        while (!lane.IsBetweenChunks)
        {
            lane.Succeed(0);
            lane.TryNext(out _);
            given++;
        }

        Assert.Equal(Math.Min(flushMs, 20) / 2, given);
    }

    [Fact]
    public void Configure_WhileRunning_NextHandOffsFollowTheNewSize()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 1, BatchSize = 100 });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make);
        OperationLane<int, int> lane = Occupy(batch);
        Enqueue(batch, 50);
        lane.Succeed(0);
        Assert.True(lane.TryNext(out _));
        long before = lane.Chunks;

        scheduler.Configure(scheduler.Settings with { BatchSize = 7 });
        lane.Succeed(0);
        ManualWorkers.Drain(lane);

        Assert.Equal(7, lane.Chunks - before);
    }

    [Fact]
    public void Enqueue_CapacityBelowBatchSize_FullBatchStillGetsAnotherWorker()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 2, batchSize: 100, capacity: 3);
        Occupy(batch);

        Enqueue(batch, 2);

        Assert.False(batch.TryEnqueue(9));
        Assert.Equal(1, _workers.Woken);
    }

    [Fact]
    public void TryNext_OperationNotEnded_Throws()
    {
        OperationBatch<int, int> batch = Start(maxConcurrent: 1);
        OperationLane<int, int> lane = Occupy(batch);

        Assert.Throws<InvalidOperationException>(() => lane.TryNext(out _));
        lane.Succeed(1);
        Assert.Throws<InvalidOperationException>(() => lane.Succeed(1));
    }

    private OperationLane<int, int> Occupy(OperationBatch<int, int> batch)
    {
        batch.TryEnqueue(-1);
        OperationLane<int, int> lane = _workers.TakeWoken();
        Assert.True(lane.TryNext(out _));
        return lane;
    }

    private static void Enqueue(OperationBatch<int, int> batch, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(batch.TryEnqueue(i));
        }
    }

    private OperationScheduler<int, int> NewScheduler(OperationSettings settings) =>
        new(new OperationSchedulerOptions { Settings = settings, TimeProvider = _clock });

    private OperationBatch<int, int> Start(
        int maxConcurrent, int batchSize = 100, int flushMs = 10, int? capacity = null, Action<OperationEvent>? onEvent = null)
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings
        {
            MaxConcurrent = maxConcurrent,
            BatchSize = batchSize,
            BatchFlush = TimeSpan.FromMilliseconds(flushMs),
        });
        return scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { Capacity = capacity, OnEvent = onEvent });
    }
}

using Microsoft.Extensions.Time.Testing;
using PortMgmt.Metrics;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class WholeHandOffTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public void Enqueue_IdleWorker_GathersToBatchSizeAllTheSame()
    {
        OperationBatch<int, int> batch = Start(batchSize: 4);
        Enqueue(batch, 3);
        Assert.Equal(0, _workers.Woken);
        Enqueue(batch, 1);

        OperationLane<int, int> lane = _workers.TakeWoken();
        Assert.True(lane.TryNext(out _));

        Assert.Equal([0, 1, 2, 0], lane.Group.Select(operation => operation.Input));
    }

    [Fact]
    public void Enqueue_FlushTimePasses_GoesOutIncomplete()
    {
        OperationBatch<int, int> batch = Start(batchSize: 4);
        Enqueue(batch, 3);

        _clock.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal([0, 1, 2], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    [Fact]
    public void Succeed_WholeHandOff_OneResultAndCountsPerOperation()
    {
        OperationBatch<int, int> batch = Start(batchSize: 4);
        Enqueue(batch, 4);
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        _clock.Advance(TimeSpan.FromMilliseconds(8));
        lane.Succeed(44);

        OperationResult<int, int> result = Assert.Single(batch.ReadAvailable());
        Assert.Equal((44, 4), (result.Output, result.OperationCount));
        Assert.Equal([0, 1, 2, 3], result.Operations.Select(operation => operation.Input));
        OperationMetrics metrics = batch.Scheduler.GetMetrics();
        Assert.Equal((4L, 4L, 4L, 4L), (metrics.TotalOperations, metrics.Succeeded, metrics.Latency.Total.Count, metrics.Latency.Queue.Count));
        Assert.Equal(1, metrics.HandOffs);
    }

    [Fact]
    public void Fail_WithRetry_TheSameHandOffRunsAgain()
    {
        OperationBatch<int, int> batch = Start(batchSize: 4, new RetryOptions { MaxRetries = 1, BaseDelay = TimeSpan.FromMilliseconds(1) });
        Enqueue(batch, 4);
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        lane.Fail(new InvalidOperationException());
        Enqueue(batch, 2);
        lane.TryNext(out _);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        lane = _workers.TakeWoken();
        lane.TryNext(out _);

        Assert.Equal([0, 1, 2, 3], lane.Group.Select(operation => operation.Input));
        Assert.Equal(2, lane.Group[0].Attempts);
    }

    [Fact]
    public async Task StartWholeBatch_ThousandOperations_TenCalls()
    {
        List<int> sizes = [];
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartChunkBatch(
            (operations, _) =>
            {
                lock (sizes)
                {
                    sizes.Add(operations.Count);
                }

                return ValueTask.FromResult(operations.Sum(operation => operation.Input));
            },
            new OperationBatchOptions<int, int> { BatchSize = 100, BatchFlush = TimeSpan.FromMinutes(1), Ordered = true });

        List<OperationResult<int, int>> results = await batch.RunAllAsync(Enumerable.Range(0, 1050).Select(i => new Operation<int>(i)));

        Assert.Equal(1050 * 1049 / 2, results.Sum(result => result.Output));
        Assert.Equal(Enumerable.Range(0, 1050), results.SelectMany(result => result.Operations).Select(operation => operation.Input));
        Assert.Equal(11, sizes.Count);
        Assert.Equal(10, sizes.Count(size => size == 100));
    }

    [Fact]
    public async Task StartWholeBatch_WithoutOptions_EveryOperationIsInOneResult()
    {
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartChunkBatch((operations, _) => ValueTask.FromResult(operations.Count));

        List<OperationResult<int, int>> results = await batch.RunAllAsync(Enumerable.Range(0, 300).Select(i => new Operation<int>(i)));

        Assert.Equal(300, results.Sum(result => result.Output));
        Assert.Equal(Enumerable.Range(0, 300), results.SelectMany(result => result.Operations).Select(operation => operation.Input).Order());
    }

    [Fact]
    public void Events_WholeHandOff_CountItsOperations()
    {
        List<OperationEvent> events = [];
        OperationBatch<int, int> batch = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            TimeProvider = _clock,
            Settings = new OperationSettings { MaxConcurrent = 1 },
        }).StartBatch(_workers.Make, new OperationBatchOptions<int, int> { DeliverAsChunk = true, BatchSize = 3, OnEvent = events.Add });
        Enqueue(batch, 3);

        ManualWorkers.Drain(_workers.TakeWoken());

        Assert.Equal(
            [(OperationEventNames.BatchScheduled, 3), (OperationEventNames.OperationStarted, 3), (OperationEventNames.OperationSuccess, 3)],
            events.Select(raised => (raised.Name, raised.Count)));
    }

    [Fact]
    public void Cancel_WhatGathered_EndsOneByOne()
    {
        OperationBatch<int, int> batch = Start(batchSize: 4);
        Enqueue(batch, 3);

        batch.Cancel();

        Assert.Equal(3, batch.ReadAvailable().Count(result => result is { Status: OperationStatus.Cancelled, OperationCount: 1 }));
    }

    private static void Enqueue(OperationBatch<int, int> batch, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(batch.TryEnqueue(i));
        }
    }

    private OperationBatch<int, int> Start(int batchSize, RetryOptions? retry = null) =>
        new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock }).StartBatch(
            _workers.Make,
            new OperationBatchOptions<int, int> { DeliverAsChunk = true, BatchSize = batchSize, Retry = retry ?? RetryOptions.None });
}

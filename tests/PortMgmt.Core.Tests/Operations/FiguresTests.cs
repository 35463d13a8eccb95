using Microsoft.Extensions.Time.Testing;
using PortMgmt.Advice;
using PortMgmt.Metrics;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class FiguresTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public void Metrics_NothingRan_IsAllZeroAndNothingHasFailed()
    {
        OperationMetrics metrics = Start().Scheduler.GetMetrics();

        Assert.Equal((0L, 100.0, 0.0, 0.0), (metrics.TotalOperations, metrics.SuccessRate, metrics.Throughput, metrics.CacheHitRate));
        Assert.Equal(new OperationLatency(), metrics.Latency);
    }

    [Fact]
    public void Metrics_AllFail_SuccessRateIsZero()
    {
        OperationBatch<int, int> batch = Start();
        Run(batch, 10, _ => false);

        OperationMetrics metrics = batch.Scheduler.GetMetrics();

        Assert.Equal((0.0, 10L, 0L), (metrics.SuccessRate, metrics.Failed, metrics.Succeeded));
        Assert.Equal(10, metrics.Latency.Total.Count);
    }

    [Fact]
    public void Metrics_OneOperation_EveryFigureIsThatOne()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(1);
        _clock.Advance(TimeSpan.FromMilliseconds(7));
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        _clock.Advance(TimeSpan.FromSeconds(2));
        lane.Succeed(1);

        OperationMetrics metrics = batch.Scheduler.GetMetrics();

        AssertAll(metrics.Latency.Queue, TimeSpan.FromMilliseconds(7));
        AssertAll(metrics.Latency.Service, TimeSpan.FromSeconds(2));
        AssertAll(metrics.Latency.Total, TimeSpan.FromMilliseconds(2007));
        Assert.Equal(100, metrics.SuccessRate);
        Assert.Equal(1 / 2.007, metrics.Throughput, 6);
        Assert.Equal(2 / 2.007, metrics.MeanConcurrency, 6);
    }

    [Fact]
    public void TriggerEvaluation_IdleWorker_OnlyItsHandOffCounts()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(1);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        lane.Succeed(1);
        Assert.False(lane.TryNext(out _));
        _clock.Advance(TimeSpan.FromSeconds(1));

        batch.TryEnqueue(2);
        _clock.Advance(TimeSpan.FromMilliseconds(7));
        lane.TryNext(out _);

        LatencySummary trigger = batch.Scheduler.GetMetrics().TriggerEvaluation;
        Assert.Equal(1, trigger.Count);
        AssertAll(trigger, TimeSpan.FromMilliseconds(7));
    }

    [Fact]
    public void Metrics_MixedOutcomes_CancelledAndRejectedDoNotCountInTheRate()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 8, Overload = OverloadPolicy.Reject });
        Run(batch, 8, i => i % 4 != 0);
        batch.ReadAvailable();
        for (int i = 0; i < 9; i++)
        {
            batch.TryEnqueue(i);
        }

        batch.Cancel();

        OperationMetrics metrics = batch.Scheduler.GetMetrics();

        Assert.Equal((6L, 2L, 8L, 1L, 17L), (metrics.Succeeded, metrics.Failed, metrics.Cancelled, metrics.Rejected, metrics.TotalOperations));
        Assert.Equal(75, metrics.SuccessRate);
    }

    [Fact]
    public void Metrics_ServiceTimesFromMicrosecondsToMinutes_PercentilesAreClose()
    {
        OperationBatch<int, int> batch = Start();
        List<TimeSpan> exact = [];
        var random = new Random(5);
        for (int i = 0; i < 1000; i++)
        {
            var duration = TimeSpan.FromMicroseconds(Math.Round(Math.Pow(10, random.NextDouble() * 8)));
            exact.Add(duration);
            batch.TryEnqueue(i);
            OperationLane<int, int> lane = _workers.Woken > 0 ? _workers.TakeWoken() : _workers.Lanes[0];
            lane.TryNext(out _);
            _clock.Advance(duration);
            lane.Succeed(i);
            batch.ReadAvailable();
        }

        exact.Sort();
        LatencySummary service = batch.Scheduler.GetMetrics().Latency.Service;
        Assert.InRange(service.P50 / exact[499], 0.969, 1.031);
        Assert.InRange(service.P95 / exact[949], 0.969, 1.031);
        Assert.InRange(service.P99 / exact[989], 0.969, 1.031);
        Assert.Equal(exact[^1], service.Max);
    }

    [Fact]
    public async Task Metrics_BatchesEnded_OutliveThemAndTimeBetweenDoesNotCount()
    {
        OperationBatch<int, int> batch = Start();
        Run(batch, 3, _ => true);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await batch.FinishAsync();
        await batch.Completion.WaitAsync(BatchExtensions.WaitTimeout);
        _clock.Advance(TimeSpan.FromHours(1));

        OperationMetrics metrics = batch.Scheduler.GetMetrics();

        Assert.Equal((3L, 3L), (metrics.Succeeded, metrics.Latency.Total.Count));
        Assert.Equal(TimeSpan.FromSeconds(1), metrics.ActiveTime);
        Assert.Equal(3, metrics.Throughput);
    }

    [Fact]
    public void Health_RunningBatch_TellsWhatRunsAndWaits()
    {
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            TimeProvider = _clock,
            NodeId = "n1",
            ClusterId = "c1",
            Settings = new OperationSettings { MaxConcurrent = 1 },
        });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make);
        for (int i = 0; i < 6; i++)
        {
            batch.TryEnqueue(i);
        }

        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        lane.Succeed(0);
        lane.TryNext(out _);
        lane.Fail(new InvalidOperationException());
        lane.TryNext(out _);

        OperationHealth health = scheduler.GetHealth();

        Assert.Equal(("n1", "c1", true), (health.NodeId, health.ClusterId, health.IsRunning));
        Assert.Equal((1, 3L, 1L, 2L), (health.ActiveOperations, health.QueuedOperations, health.CompletedOperations, health.TotalProcessed));
        Assert.Equal(_clock.GetUtcNow(), health.Timestamp);
    }

    [Fact]
    public void Latencies_SeveralOperations_AreThoseOfEachWithTheirBuckets()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(1);
        _clock.Advance(TimeSpan.FromMilliseconds(3));
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        lane.Succeed(1);

        (LatencyDistribution queue, LatencyDistribution service, LatencyDistribution total) = batch.Scheduler.GetLatencies();

        Assert.Equal((3.0, 5.0, 8.0), (queue.Max.TotalMilliseconds, service.Max.TotalMilliseconds, total.Max.TotalMilliseconds));
        Assert.All([queue, service, total], static latency => Assert.Single(latency.Buckets()));
    }

    [Fact]
    public void LargestMetadata_SeveralOperations_IsTheLargestSoFar()
    {
        OperationBatch<int, int> batch = Start();
        foreach (int size in new[] { 10, 300, 20 })
        {
            batch.TryEnqueue(new Operation<int>(size) { Metadata = new Dictionary<string, object?> { ["k"] = new byte[size - 1] } });
        }

        Assert.Equal(300, batch.Scheduler.GetMetrics().LargestMetadata);
    }

    [Fact]
    public void AdviceFigures_NothingRan_HandOffsHaveNoMean()
    {
        OperationSnapshot figures = Start().Scheduler.GetSnapshot();

        Assert.Equal((0.0, 0.0, 0L), (figures.MeanHandOff, figures.Saturation, figures.CacheRequests));
    }

    [Fact]
    public void Lane_BetweenTwoOperations_HasNone()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(1);
        OperationLane<int, int> lane = _workers.TakeWoken();

        Assert.Empty(lane.Group);
        lane.TryNext(out _);
        Assert.Equal([1], lane.Group.Select(static operation => operation.Input));
        lane.Succeed(1);
        Assert.Empty(lane.Group);
        Assert.Equal([1], Assert.Single(batch.ReadAvailable()).Operations.Select(static operation => operation.Input));
    }

    private static void AssertAll(LatencySummary summary, TimeSpan expected)
    {
        Assert.Equal(1, summary.Count);
        Assert.Equal(expected, summary.Max);
        Assert.Equal(expected, summary.Mean);
        Assert.Equal(expected, summary.P50);
        Assert.Equal(expected, summary.P99);
    }

    private void Run(OperationBatch<int, int> batch, int count, Func<int, bool> succeeds)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(batch.TryEnqueue(i));
        }

        OperationLane<int, int> lane = _workers.TakeWoken();
        while (lane.TryNext(out Operation<int>? operation))
        {
            if (succeeds(operation.Input))
            {
                lane.Succeed(operation.Input);
            }
            else
            {
                lane.Fail(new InvalidOperationException());
            }
        }
    }

    private OperationBatch<int, int> Start(OperationBatchOptions<int, int>? options = null) =>
        new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            TimeProvider = _clock,
            Settings = new OperationSettings { MaxConcurrent = 1 },
        }).StartBatch(_workers.Make, options);
}

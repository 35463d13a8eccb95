using Microsoft.Extensions.Time.Testing;
using PortMgmt.Advice;
using PortMgmt.Core.Tests.Operations;
using PortMgmt.Metrics;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Metrics;

public sealed class OperationAdviceTests
{
    [Fact]
    public void Examine_NothingRan_FindsNothing() => Assert.Empty(OperationAdvisor.Examine(Figures()));

    [Fact]
    public void Examine_Saturated_RecommendsAHigherLimit()
    {
        OperationFinding finding = Single(Figures(metrics => metrics with { MeanConcurrency = 8.1 }), "Saturated");

        Assert.Equal(("MaxConcurrent", 16), (finding.Parameter, finding.SuggestedValue));
        Assert.Contains("81 %", finding.Evidence, StringComparison.Ordinal);
        Assert.Empty(OperationAdvisor.Examine(Figures(metrics => metrics with { MeanConcurrency = 8 })));
    }

    [Theory]
    [InlineData(5, 200, 150, true)]
    [InlineData(5, 200, 50, false)]
    [InlineData(15, 200, 150, false)]
    [InlineData(5, 90, 80, false)]
    public void Examine_QuickMedianSlowTail_OnlyWhereTheQueueDominates(int p50, int p99, int queueP99, bool expected)
    {
        OperationSnapshot figures = Figures(metrics => metrics with { Latency = Latency(queueP99, 1, p99, p50) });

        Assert.Equal(expected, OperationAdvisor.Examine(figures).Any(finding => finding.Rule == "QueueingTail"));
    }

    [Theory]
    [InlineData(80, 20, "MaxConcurrent")]
    [InlineData(10, 90, null)]
    public void Examine_P99AboveTheLimit_SaysWhoseTimeItIs(int queue, int service, string? parameter)
    {
        OperationSnapshot figures = Figures(metrics => metrics with { Latency = Latency(queue, service, 100, 100) });

        OperationFinding finding = Assert.Single(
            OperationAdvisor.Examine(figures, new AdviceLimits { P99 = TimeSpan.FromMilliseconds(50) }), found => found.Rule == "SlowTail");

        Assert.Equal(parameter, finding.Parameter);
    }

    [Fact]
    public void Examine_LowHitRateWithEvictions_RecommendsALargerCache()
    {
        OperationFinding finding = Single(Figures(cache: new CacheStatistics { Hits = 20, Misses = 180, Evictions = 150 }), "LowHitRate");

        Assert.Equal(("CacheSize", 10_000), (finding.Parameter, finding.SuggestedValue));
    }

    [Fact]
    public void Examine_CacheWithoutGain_RecommendsNone()
    {
        OperationFinding finding = Single(Figures(cache: new CacheStatistics { Misses = 5000, Size = 5000 }), "IdleCache");

        Assert.Equal(("CacheSize", 0), (finding.Parameter, finding.SuggestedValue));
    }

    [Fact]
    public void Examine_FewRequests_SaysNothingOfTheCache() =>
        Assert.Empty(OperationAdvisor.Examine(Figures(cache: new CacheStatistics { Misses = 99 })));

    [Fact]
    public void Examine_StreamWithDefaultBatching_RecommendsTheProfile()
    {
        static OperationMetrics Stream(OperationMetrics metrics) => metrics with
        {
            Throughput = 50_000,
            HandOffs = 1000,
            Latency = new OperationLatency { Queue = new LatencySummary { Count = 90_000 } },
        };

        Assert.Equal(1000, Single(Figures(Stream), "DefaultBatchingOfAStream").SuggestedValue);
        Assert.Empty(OperationAdvisor.Examine(Figures(Stream, settings: new OperationSettings().With(BatchProfile.Streaming))));
    }

    [Fact]
    public void Examine_FailuresAndTimeouts_NamesTheGreaterOne()
    {
        OperationFinding failures = Single(Figures(metrics => metrics with { SuccessRate = 50, Failed = 50, TimedOut = 1 }), "Failures");
        OperationFinding timeouts = Single(Figures(metrics => metrics with { SuccessRate = 50, Failed = 1, TimedOut = 50 }), "Failures");

        Assert.Equal(("Retry", "Timeout"), (failures.Parameter, timeouts.Parameter));
    }

    [Fact]
    public void Examine_Several_GravestComesFirst()
    {
        OperationSnapshot figures = Figures(
            metrics => metrics with { LargestMetadata = 3000, GcPauseShare = 0.2 },
            health => health with { StuckOperations = 2, ListenerFailures = 1 });

        Assert.Equal(["Stuck", "Pauses", "Listeners", "LargeMetadata"], OperationAdvisor.Examine(figures).Select(finding => finding.Rule));
    }

    [Fact]
    public void Tune_Throughput_FollowsLittlesLaw()
    {
        OperationTuning tuning = OperationTuner.Tune(
            Figures(metrics => metrics with { Latency = Latency(1, 50, 60, 50) }), new OperationTarget { Throughput = 800 });

        // 800/s × 50 ms = 40 at once, and a quarter more.
        Assert.Equal(50, tuning.Settings.MaxConcurrent);
        Assert.True(tuning.IsReachable);
    }

    [Fact]
    public void Tune_ThroughputBeyondAllLimits_SaysSo()
    {
        OperationTuning tuning = OperationTuner.Tune(
            Figures(metrics => metrics with { Latency = Latency(1, 5000, 5000, 5000) }), new OperationTarget { Throughput = 10_000 });

        Assert.False(tuning.IsReachable);
        Assert.Contains("more nodes", tuning.Reasons[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Tune_P99BelowTheServiceTime_IsNotReachable()
    {
        OperationTuning tuning = OperationTuner.Tune(
            Figures(metrics => metrics with { Latency = Latency(1, 50, 60, 50) }), new OperationTarget { P99 = TimeSpan.FromMilliseconds(40) });

        Assert.False(tuning.IsReachable);
    }

    [Fact]
    public void Tune_P99QueueTooLong_RaisesTheLimitAndShrinksHandOffs()
    {
        OperationTuning tuning = OperationTuner.Tune(
            Figures(metrics => metrics with { Latency = Latency(200, 20, 220, 20) }), new OperationTarget { P99 = TimeSpan.FromMilliseconds(60) });

        // 40 ms of room for 200 ms of queue: five times as many at once; a quarter of the room is 10 ms, half an operation.
        Assert.Equal((50, 1, 10.0), (tuning.Settings.MaxConcurrent, tuning.Settings.BatchSize, tuning.Settings.BatchFlush.TotalMilliseconds));
        Assert.True(tuning.IsReachable);
    }

    [Fact]
    public void Tune_TargetIsMet_KeepsTheSettings()
    {
        OperationSnapshot figures = Figures(metrics => metrics with { Latency = Latency(1, 1, 2, 2) });

        OperationTuning tuning = OperationTuner.Tune(figures, new OperationTarget { P99 = TimeSpan.FromSeconds(10), Throughput = 10 });

        Assert.Equal(figures.Settings, tuning.Settings);
        Assert.Single(tuning.Reasons);
    }

    [Fact]
    public void Tune_NoTargetOrNothingMeasured_Throws()
    {
        OperationSnapshot measured = Figures(metrics => metrics with { Latency = Latency(1, 1, 2, 2) });

        Assert.Equal("P99", Assert.Throws<OperationException>(() => OperationTuner.Tune(measured, new OperationTarget())).Option);
        Assert.Equal("Throughput", Assert.Throws<OperationException>(() => OperationTuner.Tune(measured, new OperationTarget { Throughput = 0 })).Option);
        Assert.Equal("Metrics", Assert.Throws<OperationException>(() => OperationTuner.Tune(Figures(), new OperationTarget { Throughput = 1 })).Option);
    }

    [Fact]
    public void Examine_BusyScheduler_GoesByItsOwnFigures()
    {
        var clock = new FakeTimeProvider();
        var workers = new ManualWorkers();
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            TimeProvider = clock,
            Settings = new OperationSettings { MaxConcurrent = 1 },
        });
        OperationBatch<int, int> batch = scheduler.StartBatch(workers.Make);
        for (int i = 0; i < 50; i++)
        {
            batch.TryEnqueue(i);
        }

        OperationLane<int, int> lane = workers.TakeWoken();
        while (lane.TryNext(out _))
        {
            clock.Advance(TimeSpan.FromMilliseconds(2));
            lane.Succeed(0);
        }

        // The process's own pauses are those of all the tests beside this one.
        Assert.Equal(["Saturated"], OperationAdvisor.Examine(scheduler.GetSnapshot()).Select(static finding => finding.Rule).Where(static rule => rule != "Pauses"));
    }

    private static OperationFinding Single(OperationSnapshot figures, string rule)
    {
        OperationFinding finding = Assert.Single(OperationAdvisor.Examine(figures));
        Assert.Equal(rule, finding.Rule);
        return finding;
    }

    private static OperationSnapshot Figures(
        Func<OperationMetrics, OperationMetrics>? metrics = null,
        Func<OperationHealth, OperationHealth>? health = null,
        CacheStatistics? cache = null,
        OperationSettings? settings = null)
    {
        OperationHealth state = new() { NodeId = "n", Cache = cache ?? new CacheStatistics() };
        return new OperationSnapshot(
            metrics?.Invoke(new OperationMetrics()) ?? new OperationMetrics(), health?.Invoke(state) ?? state, settings ?? new OperationSettings(), 10);
    }

    private static OperationLatency Latency(int queueP99, int service, int totalP99, int totalP50) => new()
    {
        Queue = Summary(queueP99, queueP99),
        Service = Summary(service, service),
        Total = Summary(totalP50, totalP99),
    };

    private static LatencySummary Summary(int p50, int p99) => new()
    {
        Count = 1000,
        P50 = TimeSpan.FromMilliseconds(p50),
        P99 = TimeSpan.FromMilliseconds(p99),
        Mean = TimeSpan.FromMilliseconds(p50),
        Max = TimeSpan.FromMilliseconds(p99),
    };
}

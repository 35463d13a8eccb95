using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class EventTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();
    private readonly List<OperationEvent> _events = [];

    [Fact]
    public void Events_Run_TellWhatHappensInOrder()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { OnEvent = _events.Add });
        batch.TryEnqueue(new Operation<int>(1) { Id = "a", Type = "t" });
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        _clock.Advance(TimeSpan.FromSeconds(3));
        lane.Succeed(1);
        batch.TryEnqueue(new Operation<int>(2) { Id = "b" });
        lane.TryNext(out _);
        lane.Fail(new InvalidOperationException("x"));

        Assert.Equal(
            [
                OperationEventNames.BatchScheduled, OperationEventNames.OperationStarted, OperationEventNames.OperationSuccess,
                OperationEventNames.BatchScheduled, OperationEventNames.OperationStarted, OperationEventNames.OperationFailure,
            ],
            _events.Select(raised => raised.Name));
        OperationEvent success = _events[2];
        Assert.Equal(("a", "t", 0L, 1, OperationStatus.Succeeded), (success.OperationId, success.Type, success.Sequence, success.Attempt, success.Status));
        Assert.Equal(TimeSpan.FromSeconds(3), success.Duration);
        Assert.Equal(batch.Id, success.BatchId);
        Assert.Equal(_clock.GetUtcNow(), success.Timestamp);
        Assert.Equal("x", _events[5].Error!.Message);
    }

    [Fact]
    public void Events_Retry_OnlyTheLastOutcomeIsAnEnd()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int>
        {
            OnEvent = _events.Add,
            Retry = new RetryOptions { MaxRetries = 1, BaseDelay = TimeSpan.FromMilliseconds(1) },
        });
        batch.TryEnqueue(1);
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        lane.Fail(new InvalidOperationException());
        lane.TryNext(out _);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        ManualWorkers.Drain(_workers.TakeWoken());

        Assert.Equal([1, 2], _events.Where(raised => raised.Name == OperationEventNames.OperationStarted).Select(raised => raised.Attempt));
        Assert.Single(_events, raised => raised.Status is not null);
    }

    [Fact]
    public void Events_OfTheScheduler_TellOfAllBatchesAndOfMetrics()
    {
        OperationBatch<int, int> first = Start();
        OperationBatch<int, int> second = first.Scheduler.StartBatch(_workers.Make);
        first.Scheduler.EventRaised += _events.Add;
        first.TryEnqueue(1);
        second.TryEnqueue(2);
        while (_workers.Woken > 0)
        {
            ManualWorkers.Drain(_workers.TakeWoken());
        }

        Metrics(first);

        Assert.Equal([first.Id, second.Id], _events.Where(raised => raised.Name == OperationEventNames.OperationSuccess).Select(raised => raised.BatchId));
        OperationEvent metrics = Assert.Single(_events, raised => raised.Name == OperationEventNames.MetricsCollected);
        Assert.Equal(2, metrics.Metrics!.Succeeded);
        Assert.Null(metrics.BatchId);

        static void Metrics(OperationBatch<int, int> batch) => batch.Scheduler.GetMetrics();
    }

    [Fact]
    public void Events_ListenerThrows_OperationsGoOnAndHealthShowsIt()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { OnEvent = _ => throw new InvalidOperationException() });
        batch.TryEnqueue(1);

        Assert.Equal([1], ManualWorkers.Drain(_workers.TakeWoken()));

        Assert.Equal(OperationStatus.Succeeded, Assert.Single(batch.ReadAvailable()).Status);
        Assert.Equal(3, batch.Scheduler.GetHealth().ListenerFailures);
    }

    [Fact]
    public async Task Meter_Listener_GetsTotalsAndDurations()
    {
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            TimeProvider = _clock,
            Name = "metered",
            Settings = new OperationSettings { MaxConcurrent = 1 },
        });
        var totals = new ConcurrentDictionary<string, long>();
        ConcurrentBag<double> durations = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "PortMgmt" && instrument.Meter.Tags!.Any(tag => Equals(tag.Value, "metered")))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            totals[instrument.Name + string.Concat(tags.ToArray().Select(tag => "/" + tag.Value))] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            if (instrument.Name == "portmgmt.operation.duration")
            {
                durations.Add(value);
            }
        });
        listener.Start();
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make);
        batch.TryEnqueue(1);
        batch.TryEnqueue(2);
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        _clock.Advance(TimeSpan.FromSeconds(2));
        lane.Succeed(1);
        lane.TryNext(out _);
        lane.Fail(new InvalidOperationException());

        listener.RecordObservableInstruments();

        Assert.Equal((1L, 1L), (totals["portmgmt.operations/succeeded"], totals["portmgmt.operations/failed"]));
        Assert.Equal([0.0, 2.0], durations.Order());
        batch.Complete();
        Assert.False(lane.TryNext(out _));
        await scheduler.StopAsync();
    }

    private OperationBatch<int, int> Start(OperationBatchOptions<int, int>? options = null) =>
        new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            TimeProvider = _clock,
            Settings = new OperationSettings { MaxConcurrent = 1 },
        }).StartBatch(_workers.Make, options);
}

using PortMgmt.Metrics;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.History;

namespace PortMgmt.Operations.Scheduling;

/// <summary>What batches and workers leave for health, metrics and history. Thread-safe.</summary>
internal sealed class SchedulerRecords : IDisposable
{
    /// <summary>Made beside the first operations, since it takes longer than the rest of a new scheduler; who needs it sooner makes it.</summary>
    private Lazy<OperationMeter>? _meter;
    private int _largestMetadata;
    private int _stuck;

    /// <param name="clock">The clock.</param>
    public SchedulerRecords(OperationClock clock)
    {
        Clock = clock;
        StartedAt = clock.Now;
        StartedTime = clock.Provider.GetUtcNow();
    }

    public OperationClock Clock { get; }

    /// <summary>When the scheduler was made, as a timestamp.</summary>
    public long StartedAt { get; }

    /// <summary>When the scheduler was made.</summary>
    public DateTimeOffset StartedTime { get; }

    public WorkerMetricsSet Workers { get; } = new();

    public TopOperations Notable { get; } = new();

    /// <summary>How many executors were given up and have not come back.</summary>
    public int Stuck => Volatile.Read(ref _stuck);

    /// <summary>The most metadata that an operation carried, in bytes.</summary>
    public int LargestMetadata => Volatile.Read(ref _largestMetadata);

    public OperationRecorder CreateRecorder() => new(Clock, StartedAt);

    public void RecordStuck(int change) => Interlocked.Add(ref _stuck, change);

    public void RecordMetadata(int bytes)
    {
        int seen = Volatile.Read(ref _largestMetadata);
        while (seen < bytes)
        {
            int found = Interlocked.CompareExchange(ref _largestMetadata, bytes, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    /// <summary>Records an attempt that ended.</summary>
    /// <param name="metrics">The worker's; null where it was given up.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="again">It will be repeated.</param>
    /// <param name="now">When it ended.</param>
    public void RecordAttempt<TInput>(WorkerMetrics? metrics, Operation<TInput> operation, bool again, long now)
    {
        if (metrics is not null)
        {
            RecordIn(metrics, operation, again, now);
            return;
        }

        lock (Workers.GivenUp)
        {
            RecordIn(Workers.GivenUp, operation, again, now);
        }
    }

    /// <summary>Shows figures on the meter from now on.</summary>
    /// <param name="name">The scheduler's name.</param>
    /// <param name="figures">What is shown.</param>
    public void StartMeter(string name, Func<OperationMetrics> figures)
    {
        Lazy<OperationMeter> meter = new(() => new OperationMeter(name, figures));
        _meter = meter;
        _ = Task.Run(() => meter.Value);
    }

    /// <summary>Shows no more figures on the meter.</summary>
    public void Dispose() => _meter?.Value.Dispose();

    private void RecordIn<TInput>(WorkerMetrics metrics, Operation<TInput> operation, bool again, long now)
    {
        int count = operation.Group?.Length ?? 1;
        long service = now - operation.StartedAt;
        metrics.Service.Record(Clock.ToNanoseconds(service), count);
        if (operation.Attempts == 1)
        {
            RecordEach(metrics.Queue, operation, operation.StartedAt);
        }

        if (again)
        {
            metrics.Retries += count;
        }
        else
        {
            RecordEach(metrics.Total, operation, now);
        }

        if (_meter is { Value: { IsHeard: true } meter })
        {
            meter.Record(Clock.ToTimeSpan(operation.StartedAt - operation.EnqueuedAt), Clock.ToTimeSpan(service), operation.Type);
        }
    }

    private void RecordEach<TInput>(LatencyHistogram histogram, Operation<TInput> operation, long until)
    {
        if (operation.Group is not { } group)
        {
            histogram.Record(Clock.ToNanoseconds(until - operation.EnqueuedAt));
            return;
        }

        foreach (Operation<TInput> member in group)
        {
            histogram.Record(Clock.ToNanoseconds(until - member.EnqueuedAt));
        }
    }
}

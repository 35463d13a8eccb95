using PortMgmt.Metrics;

namespace PortMgmt.Operations;

/// <content>Health, metrics and events.</content>
public sealed partial class OperationScheduler<TInput, TResult>
{
    /// <summary>The metrics of all workers that ever were; a worker that ends leaves its own to the next.</summary>
    private readonly List<WorkerMetrics> _workerMetrics = [];

    private readonly Stack<WorkerMetrics> _freeMetrics = new();

    /// <summary>What is recorded for workers that were given up. Guarded by its own lock.</summary>
    private readonly WorkerMetrics _givenUpMetrics = new();

    private readonly OperationMeter _meter;
    private readonly TimeSpan _gcPausedBefore;
    private readonly long _madeAt;
    private BatchProgress _past;
    private int _peakOfOwnLimits;
    private int _largestMetadata;
    private long _activeSince;
    private long _activeBefore;
    private long _listenerFailures;
    private int _stuck;

    /// <summary>
    /// The events of all batches, on the thread on which they arise. Handlers must be quick and thread-safe; one that throws is counted in
    /// the health report and disturbs nobody. Nothing is built while there is no handler.
    /// </summary>
    public event Action<OperationEvent>? EventRaised;

    /// <summary>The state at this moment.</summary>
    /// <returns>A snapshot.</returns>
    public OperationHealth GetHealth()
    {
        lock (_lock)
        {
            BatchProgress all = Total();
            return new OperationHealth
            {
                NodeId = _options.NodeId,
                ClusterId = _options.ClusterId,
                IsRunning = !_stopped,
                ActiveOperations = all.Running,
                QueuedOperations = Math.Max(0, all.Accepted - all.Ended - all.Running),
                CompletedOperations = all.Succeeded,
                TotalProcessed = all.Ended,
                StuckOperations = Volatile.Read(ref _stuck),
                ListenerFailures = Interlocked.Read(ref _listenerFailures),
                Cache = _cacheCounters.ToStatistics(Caches().Sum(cache => cache.Size)),
                Timestamp = Clock.Provider.GetUtcNow(),
            };
        }
    }

    /// <summary>The figures since the scheduler was made. Raises <see cref="OperationEventNames.MetricsCollected"/>.</summary>
    /// <returns>A snapshot; operations that end meanwhile may be in some figures and not yet in others.</returns>
    public OperationMetrics GetMetrics()
    {
        OperationMetrics metrics = GetFigures();
        if (EventRaised is not null)
            Raise(null, new OperationEvent(OperationEventNames.MetricsCollected, metrics.Timestamp, null) { Metrics = metrics });
        return metrics;
    }

    /// <summary>What advice goes by.</summary>
    /// <returns>Metrics, health and settings, one shortly after the other.</returns>
    public OperationFigures GetFiguresForAdvice() => new(GetFigures(), GetHealth(), Settings, ConcurrencyLimit);

    /// <summary>The latencies since the scheduler was made, with their buckets.</summary>
    /// <returns>Queue wait, service and total; they change no more.</returns>
    public (LatencyDistribution Queue, LatencyDistribution Service, LatencyDistribution Total) GetLatencies()
    {
        lock (_lock)
            return (Merge(worker => worker.Queue), Merge(worker => worker.Service), Merge(worker => worker.Total));
    }

    internal bool IsHeard(OperationBatch<TInput, TResult> batch) => EventRaised is not null || batch.Options.OnEvent is not null;

    internal void Raise(OperationBatch<TInput, TResult>? batch, OperationEvent raised)
    {
        Notify(batch?.Options.OnEvent, raised);
        Notify(EventRaised, raised);
    }

    /// <summary>Asks a predicate of the caller; one that throws is a failed listener and has said no.</summary>
    internal bool Ask<T>(Func<T, bool> predicate, T value)
    {
        try
        {
            return predicate(value);
        }
        catch (Exception)
        {
            // The operation's own outcome stands whatever the predicate does; the health report shows that it threw.
            Interlocked.Increment(ref _listenerFailures);
            return false;
        }
    }

    internal double Chance() => _options.Chance();

    internal void NoteStuck(int change) => Interlocked.Add(ref _stuck, change);

    internal void NoteMetadata(int bytes)
    {
        if (bytes > Volatile.Read(ref _largestMetadata))
            InterlockedMax(ref _largestMetadata, bytes);
    }

    internal WorkerMetrics RentMetrics()
    {
        lock (_freeMetrics)
        {
            if (_freeMetrics.TryPop(out WorkerMetrics? metrics))
                return metrics;
            metrics = new WorkerMetrics();
            _workerMetrics.Add(metrics);
            return metrics;
        }
    }

    /// <summary>A worker left for good; nobody writes to its metrics any more.</summary>
    internal void ReturnMetrics(WorkerMetrics metrics)
    {
        lock (_freeMetrics)
            _freeMetrics.Push(metrics);
    }

    internal void Record(WorkerMetrics? metrics, Operation<TInput> operation, bool again, long now)
    {
        if (metrics is not null)
        {
            RecordIn(metrics, operation, again, now);
            return;
        }

        lock (_givenUpMetrics)
            RecordIn(_givenUpMetrics, operation, again, now);
    }

    /// <summary>A batch has ended: its counts are kept, the batch is not.</summary>
    internal void Remove(OperationBatch<TInput, TResult> batch)
    {
        lock (_lock)
        {
            if (!_batches.Remove(batch))
                return;
            _past = _past.Plus(batch.Progress);
            if (batch.Limit != _limit)
                _peakOfOwnLimits = Math.Max(_peakOfOwnLimits, batch.Limit.Peak);
            if (_batches.Count == 0)
                _activeBefore += Clock.Now - _activeSince;
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (seen < value)
        {
            int found = Interlocked.CompareExchange(ref target, value, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }

    private void Notify(Action<OperationEvent>? listener, OperationEvent raised)
    {
        try
        {
            listener?.Invoke(raised);
        }
        catch (Exception)
        {
            // A listener's failure is not the operation's; the health report shows it.
            Interlocked.Increment(ref _listenerFailures);
        }
    }

    private void RecordIn(WorkerMetrics metrics, Operation<TInput> operation, bool again, long now)
    {
        int count = operation.Group?.Length ?? 1;
        long service = Clock.ToNanoseconds(operation.ServiceUnits);
        metrics.Service.Record(service, count);
        if (operation.Attempts == 1)
            RecordEach(metrics.Queue, operation, operation.StartedAt);
        if (again)
            metrics.Retries += count;
        else
            RecordEach(metrics.Total, operation, now);
        if (_meter.IsHeard)
            _meter.Record(Clock.ToTimeSpan(operation.StartedAt - operation.EnqueuedAt), Clock.ToTimeSpan(operation.ServiceUnits), operation.Type);
    }

    private void RecordEach(LatencyHistogram histogram, Operation<TInput> operation, long until)
    {
        if (operation.Group is not { } group)
        {
            histogram.Record(Clock.ToNanoseconds(until - operation.EnqueuedAt));
            return;
        }

        foreach (Operation<TInput> member in group)
            histogram.Record(Clock.ToNanoseconds(until - member.EnqueuedAt));
    }

    private BatchProgress Total()
    {
        BatchProgress total = _past;
        foreach (OperationBatch<TInput, TResult> batch in _batches)
            total = total.Plus(batch.Progress);
        return total;
    }

    private OperationMetrics GetFigures()
    {
        lock (_lock)
        {
            BatchProgress all = Total();
            LatencyDistribution service = Merge(worker => worker.Service);
            CacheStatistics cache = _cacheCounters.ToStatistics(0);
            long now = Clock.Now;
            TimeSpan active = Clock.ToTimeSpan(_activeBefore + (_batches.Count > 0 ? now - _activeSince : 0));
            long judged = all.Succeeded + all.Failed + all.TimedOut;
            return new OperationMetrics
            {
                TotalOperations = all.Accepted,
                Succeeded = all.Succeeded,
                Failed = all.Failed,
                TimedOut = all.TimedOut,
                Cancelled = all.Cancelled,
                Rejected = all.Rejected,
                Retries = Sum(worker => worker.Retries),
                SuccessRate = judged == 0 ? 100 : 100.0 * all.Succeeded / judged,
                Latency = new OperationLatency
                {
                    Queue = Merge(worker => worker.Queue).Summarize(),
                    Service = service.Summarize(),
                    Total = Merge(worker => worker.Total).Summarize(),
                },
                TriggerEvaluation = Merge(worker => worker.Trigger).Summarize(),
                Throughput = active > TimeSpan.Zero ? all.Ended / active.TotalSeconds : 0,
                ActiveTime = active,
                CacheHitRate = cache.HitRate,
                PeakConcurrency = _batches.Select(batch => batch.Limit.Peak).Append(_limit.Peak).Append(_peakOfOwnLimits).Max(),
                MeanConcurrency = active > TimeSpan.Zero ? service.Sum / active : 0,
                HandOffs = Sum(worker => worker.HandOffs),
                LargestMetadata = Volatile.Read(ref _largestMetadata),
                GcPauseShare = PauseShare(now),
                WorkingSet = Environment.WorkingSet,
                Timestamp = Clock.Provider.GetUtcNow(),
            };
        }
    }

    private double PauseShare(long now)
    {
        TimeSpan lived = Clock.ToTimeSpan(now - _madeAt);
        return lived > TimeSpan.Zero ? Math.Clamp((GC.GetTotalPauseDuration() - _gcPausedBefore) / lived, 0, 1) : 0;
    }

    private long Sum(Func<WorkerMetrics, long> figure)
    {
        lock (_freeMetrics)
            return _workerMetrics.Append(_givenUpMetrics).Sum(figure);
    }

    private LatencyDistribution Merge(Func<WorkerMetrics, LatencyHistogram> histogram)
    {
        var merged = new LatencyDistribution();
        lock (_freeMetrics)
        {
            foreach (WorkerMetrics metrics in _workerMetrics.Append(_givenUpMetrics))
                histogram(metrics).AddTo(merged);
        }

        return merged;
    }
}

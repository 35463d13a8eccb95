using PortMgmt.Metrics;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.History;

namespace PortMgmt.Operations;

/// <content>Health, metrics and history: what is read.</content>
public sealed partial class OperationScheduler<TInput, TResult>
{
    private readonly DateTimeOffset _madeTime;
    private readonly OperationMeter _meter;
    private readonly TimeSpan _gcPausedBefore;
    private readonly long _madeAt;

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
        {
            Raise(null, new OperationEvent(OperationEventNames.MetricsCollected, metrics.Timestamp, null) { Metrics = metrics });
        }

        return metrics;
    }

    /// <summary>The latencies since the scheduler was made, with their buckets.</summary>
    /// <returns>Queue wait, service and total; they change no more.</returns>
    public (LatencyDistribution Queue, LatencyDistribution Service, LatencyDistribution Total) GetLatencies()
    {
        lock (_lock)
        {
            return (_workers.Merge(worker => worker.Queue), _workers.Merge(worker => worker.Service), _workers.Merge(worker => worker.Total));
        }
    }

    /// <summary>What is remembered of the operations that ended since the scheduler was made.</summary>
    /// <returns>A snapshot.</returns>
    public OperationHistory GetHistory()
    {
        OperationRecorder all = NewRecorder();
        lock (_lock)
        {
            _recorder.AddTo(all);
            foreach (OperationBatch<TInput, TResult> batch in _batches)
            {
                batch.AddTo(all);
            }
        }

        return Notable.AddTo(all.ToHistory(_madeTime));
    }

    /// <summary>The metrics, for whoever is not to raise an event by reading them.</summary>
    internal OperationMetrics GetFigures()
    {
        lock (_lock)
        {
            BatchProgress all = Total();
            LatencyDistribution service = _workers.Merge(worker => worker.Service);
            CacheStatistics cache = _cacheCounters.ToStatistics(0);
            long now = Clock.Now;
            var active = Clock.ToTimeSpan(_activeBefore + (_batches.Count > 0 ? now - _activeSince : 0));
            long judged = all.Succeeded + all.Failed + all.TimedOut;
            return new OperationMetrics
            {
                TotalOperations = all.Accepted,
                Succeeded = all.Succeeded,
                Failed = all.Failed,
                TimedOut = all.TimedOut,
                Cancelled = all.Cancelled,
                Rejected = all.Rejected,
                Retries = _workers.Sum(worker => worker.Retries),
                SuccessRate = judged == 0 ? 100 : 100.0 * all.Succeeded / judged,
                Latency = new OperationLatency
                {
                    Queue = _workers.Merge(worker => worker.Queue).Summarize(),
                    Service = service.Summarize(),
                    Total = _workers.Merge(worker => worker.Total).Summarize(),
                },
                TriggerEvaluation = _workers.Merge(worker => worker.Trigger).Summarize(),
                Throughput = active > TimeSpan.Zero ? all.Ended / active.TotalSeconds : 0,
                ActiveTime = active,
                CacheHitRate = cache.HitRate,
                PeakConcurrency = _batches.Select(batch => batch.Limit.Peak).Append(_limit.Peak).Append(_peakOfOwnLimits).Max(),
                MeanConcurrency = active > TimeSpan.Zero ? service.Sum / active : 0,
                HandOffs = _workers.Sum(worker => worker.HandOffs),
                LargestMetadata = Volatile.Read(ref _largestMetadata),
                GcPauseShare = PauseShare(now),
                WorkingSet = Environment.WorkingSet,
                Timestamp = Clock.Provider.GetUtcNow(),
            };
        }
    }

    private BatchProgress Total()
    {
        BatchProgress total = _past;
        foreach (OperationBatch<TInput, TResult> batch in _batches)
        {
            total = total.Plus(batch.Progress);
        }

        return total;
    }

    private double PauseShare(long now)
    {
        var lived = Clock.ToTimeSpan(now - _madeAt);
        return lived > TimeSpan.Zero ? Math.Clamp((GC.GetTotalPauseDuration() - _gcPausedBefore) / lived, 0, 1) : 0;
    }
}

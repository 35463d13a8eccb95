using PortMgmt.Metrics;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.History;

namespace PortMgmt.Operations.Scheduling;

/// <summary>Health, metrics and history of a scheduler, as they are read. Not thread-safe: guarded by the scheduler's lock.</summary>
internal sealed class SchedulerSnapshots<TInput, TResult>(
    SchedulerContext scheduler, OpenBatches<TInput, TResult> batches, SchedulerCaches<TInput, TResult> caches)
{
    private readonly TimeSpan _gcPausedBefore = GC.GetTotalPauseDuration();

    public OperationHealth GetHealth(bool isRunning)
    {
        BatchProgress all = batches.SumProgress();
        return new OperationHealth
        {
            NodeId = scheduler.Options.NodeId,
            ClusterId = scheduler.Options.ClusterId,
            IsRunning = isRunning,
            ActiveOperations = all.Running,
            QueuedOperations = Math.Max(0, all.Accepted - all.Ended - all.Running),
            CompletedOperations = all.Succeeded,
            TotalProcessed = all.Ended,
            StuckOperations = scheduler.Records.Stuck,
            ListenerFailures = scheduler.Listeners.Failures,
            Cache = caches.GetStatistics(batches.All),
            Timestamp = scheduler.Clock.Provider.GetUtcNow(),
        };
    }

    public OperationMetrics GetMetrics()
    {
        WorkerMetricsSet workers = scheduler.Records.Workers;
        BatchProgress all = batches.SumProgress();
        LatencyDistribution service = workers.Merge(worker => worker.Service);
        long now = scheduler.Clock.Now;
        TimeSpan active = batches.GetActiveTime(now);
        long judged = all.Succeeded + all.Failed + all.TimedOut;
        return new OperationMetrics
        {
            TotalOperations = all.Accepted,
            Succeeded = all.Succeeded,
            Failed = all.Failed,
            TimedOut = all.TimedOut,
            Cancelled = all.Cancelled,
            Rejected = all.Rejected,
            Retries = workers.Sum(worker => worker.Retries),
            SuccessRate = judged == 0 ? 100 : 100.0 * all.Succeeded / judged,
            Latency = new OperationLatency
            {
                Queue = workers.Merge(worker => worker.Queue).Summarize(),
                Service = service.Summarize(),
                Total = workers.Merge(worker => worker.Total).Summarize(),
            },
            TriggerEvaluation = workers.Merge(worker => worker.Trigger).Summarize(),
            Throughput = active > TimeSpan.Zero ? all.Ended / active.TotalSeconds : 0,
            ActiveTime = active,
            CacheHitRate = caches.HitRate,
            PeakConcurrency = batches.PeakConcurrency,
            MeanConcurrency = active > TimeSpan.Zero ? service.Sum / active : 0,
            HandOffs = workers.Sum(worker => worker.HandOffs),
            LargestMetadata = scheduler.Records.LargestMetadata,
            GcPauseShare = GetPauseShare(now),
            WorkingSet = Environment.WorkingSet,
            Timestamp = scheduler.Clock.Provider.GetUtcNow(),
        };
    }

    public (LatencyDistribution Queue, LatencyDistribution Service, LatencyDistribution Total) GetLatencies()
    {
        WorkerMetricsSet workers = scheduler.Records.Workers;
        return (workers.Merge(worker => worker.Queue), workers.Merge(worker => worker.Service), workers.Merge(worker => worker.Total));
    }

    public OperationHistory GetHistory()
    {
        OperationRecorder all = scheduler.Records.CreateRecorder();
        batches.AddTo(all);
        return scheduler.Records.Notable.AddTo(all.ToHistory(scheduler.Records.StartedTime));
    }

    private double GetPauseShare(long now)
    {
        var lived = scheduler.Clock.ToTimeSpan(now - scheduler.Records.StartedAt);
        return lived > TimeSpan.Zero ? Math.Clamp((GC.GetTotalPauseDuration() - _gcPausedBefore) / lived, 0, 1) : 0;
    }
}

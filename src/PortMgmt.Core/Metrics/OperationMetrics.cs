using System.Globalization;

namespace PortMgmt.Metrics;

/// <summary>The figures of a scheduler since it was made, at one moment.</summary>
public sealed record OperationMetrics
{
    /// <summary>Operations accepted.</summary>
    public long TotalOperations { get; init; }

    /// <summary>Operations that succeeded, from the cache too.</summary>
    public long Succeeded { get; init; }

    /// <summary>Operations that failed.</summary>
    public long Failed { get; init; }

    /// <summary>Operations whose time was up.</summary>
    public long TimedOut { get; init; }

    /// <summary>Operations that a stop cancelled.</summary>
    public long Cancelled { get; init; }

    /// <summary>Operations that an overloaded batch rejected.</summary>
    public long Rejected { get; init; }

    /// <summary>Attempts beyond the first.</summary>
    public long Retries { get; init; }

    /// <summary>
    /// Succeeded of those that succeeded, failed or timed out, in percent (0-100); 100 when there is none. Cancelled and rejected
    /// operations say nothing about the executor and do not count.
    /// </summary>
    public double SuccessRate { get; init; } = 100;

    /// <summary>Queue wait, service and total.</summary>
    public OperationLatency Latency { get; init; } = new();

    /// <summary>
    /// From the moment an operation could run to its hand-off to an idle worker. Only hand-offs to workers that were idle count: where
    /// all are busy there is nothing to evaluate, and making a worker is no part of it.
    /// </summary>
    public LatencySummary TriggerEvaluation { get; init; } = new();

    /// <summary>Operations ended for each second during which a batch was open.</summary>
    public double Throughput { get; init; }

    /// <summary>How long at least one batch was open.</summary>
    public TimeSpan ActiveTime { get; init; }

    /// <summary>Answers from the cache, coalesced ones included, of all operations that had an id, 0-1; 0 when there is none.</summary>
    public double CacheHitRate { get; init; }

    /// <summary>The most operations (or whole hand-offs) that ran at once.</summary>
    public int PeakConcurrency { get; init; }

    /// <summary>Operations running at once on average over <see cref="ActiveTime"/>: total service time by active time (Little's law).</summary>
    public double MeanConcurrency { get; init; }

    /// <summary>Hand-offs to workers.</summary>
    public long HandOffs { get; init; }

    /// <summary>The largest metadata of an operation, in bytes.</summary>
    public int LargestMetadata { get; init; }

    /// <summary>The share of time since the scheduler was made that the process was paused for garbage collection, 0-1.</summary>
    public double GcPauseShare { get; init; }

    /// <summary>The process's working set, in bytes.</summary>
    public long WorkingSet { get; init; }

    /// <summary>When the figures were taken, in UTC.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>The counts, for a cell of a table.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{TotalOperations} operations, {SuccessRate:0.##} % succeeded; {Latency.Total}");
}

using PortMgmt.Text;

namespace PortMgmt.Cluster;

/// <summary>A process that runs operations of a cluster, as it described itself.</summary>
public sealed record ClusterNode
{
    /// <summary>The node's name.</summary>
    public required string NodeId { get; init; }

    /// <summary>The cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The machine.</summary>
    public required string Host { get; init; }

    /// <summary>The process on that machine.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Its workers, one for each type that it serves.</summary>
    public required IReadOnlyList<ClusterWorkerState> Workers { get; init => field = TextList<ClusterWorkerState>.Sentences(value); }

    /// <summary>When it said so, by its own clock, in UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The version of PortMgmt that it runs; null where it is one that does not say.</summary>
    public string? Version { get; init; }

    /// <summary>The types that it serves.</summary>
    public IReadOnlyList<string> Types =>
        TextList<string>.Words([.. Workers.Select(worker => worker.Type).Distinct().Order(StringComparer.Ordinal)]);

    /// <summary>How many operations it runs at once at most.</summary>
    public int MaxConcurrent => Workers.Sum(worker => worker.MaxConcurrent);

    /// <summary>How many run now.</summary>
    public int ActiveOperations => Workers.Sum(worker => worker.ActiveOperations);

    /// <summary>How many it has ended.</summary>
    public long Processed => Workers.Sum(worker => worker.Processed);

    /// <summary>How many of these failed.</summary>
    public long Failed => Workers.Sum(worker => worker.Failed);

    /// <summary>The part of its room that is taken, 0 to 1.</summary>
    public double Load => MaxConcurrent == 0 ? 0 : (double)ActiveOperations / MaxConcurrent;

    /// <summary>The worst condition of its workers: draining before unhealthy before healthy.</summary>
    public ClusterWorkerCondition Condition => Workers.Select(worker => worker.Condition).DefaultIfEmpty().Max();

    /// <summary>Why it takes no operations; null if all its workers do.</summary>
    public string? Reason => Workers.Select(worker => worker.Reason).FirstOrDefault(reason => reason is not null);
}

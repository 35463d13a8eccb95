using PortMgmt.Metrics;

namespace PortMgmt.Operations.History;

/// <summary>
/// What a scheduler remembers of the operations that ended since it was made. Its size is bounded, whatever their number. Operations that
/// have not ended yet are not in it.
/// </summary>
public sealed record OperationHistory
{
    /// <summary>When the scheduler was made, in UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Buckets in the order of time, at most some hundreds; in what is left out nothing ended, ran or waited.</summary>
    public IReadOnlyList<TimelineBucket> Timeline { get; init; } = [];

    /// <summary>By type, the one with the most operations first; operations without a type are not among them.</summary>
    public IReadOnlyList<OperationTypeCounts> Types { get; init; } = [];

    /// <summary>Those whose last attempt took longest, the slowest first; at most 20.</summary>
    public IReadOnlyList<TopOperation> Slowest { get; init; } = [];

    /// <summary>Those that failed or timed out, the last first; at most 20.</summary>
    public IReadOnlyList<TopOperation> Failed { get; init; } = [];
}

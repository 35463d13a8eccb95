using PortMgmt.Metrics;

namespace PortMgmt.Reports;

/// <summary>What a live panel shows at one moment.</summary>
internal sealed record PanelSnapshot
{
    /// <summary>What runs: a daemon's name, or a command.</summary>
    public required string Title { get; init; }

    /// <summary>How long it has been at work.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Operations accepted so far.</summary>
    public long Accepted { get; init; }

    /// <summary>Operations that ended.</summary>
    public long Ended { get; init; }

    /// <summary>Those of them that failed or timed out.</summary>
    public long Failed { get; init; }

    /// <summary>Operations that run.</summary>
    public int Running { get; init; }

    /// <summary>How many may run at once.</summary>
    public int Limit { get; init; }

    /// <summary>How long attempts took.</summary>
    public LatencySummary Service { get; init; } = new();

    /// <summary>No more operations are to come, so that the time left can be told.</summary>
    public bool IsInputComplete { get; init; }

    /// <summary>Until then: about how many there will be in all; null where that cannot be told.</summary>
    public long? Expected { get; init; }

    internal long? Total => IsInputComplete ? Accepted : Expected is long expected ? Math.Max(expected, Accepted) : null;
}

namespace PortMgmt.Metrics;

/// <summary>The operations of one type.</summary>
/// <param name="Type">The type; null stands for all that came after the list was full.</param>
public sealed record OperationTypeCounts(string? Type)
{
    /// <summary>Operations that ended, in whatever way.</summary>
    public long Ended { get; init; }

    /// <summary>Those of them that failed or timed out.</summary>
    public long Failed { get; init; }

    /// <summary>Those of them that ran, and were not answered from the cache, rejected or cancelled before.</summary>
    public long Ran { get; init; }

    /// <summary>How long the last attempts took, on average; zero when none ran.</summary>
    public TimeSpan MeanDuration { get; init; }
}

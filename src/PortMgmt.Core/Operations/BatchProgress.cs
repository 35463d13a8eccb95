namespace PortMgmt.Operations;

/// <summary>How far a batch is, counted in operations.</summary>
public readonly record struct BatchProgress
{
    /// <summary>Accepted so far.</summary>
    public long Accepted { get; init; }

    /// <summary>Running now (chunks that are delivered as one piece count once).</summary>
    public int Running { get; init; }

    /// <summary>Ended as succeeded, from the cache too.</summary>
    public long Succeeded { get; init; }

    /// <summary>Ended as failed.</summary>
    public long Failed { get; init; }

    /// <summary>Ended because their time was up.</summary>
    public long TimedOut { get; init; }

    /// <summary>Ended by a stop.</summary>
    public long Cancelled { get; init; }

    /// <summary>Ended because the batch was full.</summary>
    public long Rejected { get; init; }

    /// <summary>Answered without running.</summary>
    public long FromCache { get; init; }

    /// <summary>Ended in whatever way.</summary>
    public long Ended => Succeeded + Failed + TimedOut + Cancelled + Rejected;

    internal BatchProgress Plus(BatchProgress other) => new()
    {
        Accepted = Accepted + other.Accepted,
        Running = Running + other.Running,
        Succeeded = Succeeded + other.Succeeded,
        Failed = Failed + other.Failed,
        TimedOut = TimedOut + other.TimedOut,
        Cancelled = Cancelled + other.Cancelled,
        Rejected = Rejected + other.Rejected,
        FromCache = FromCache + other.FromCache,
    };
}

namespace PortMgmt.Metrics;

/// <summary>A stretch of time in which operations ended, ran or waited.</summary>
public sealed record TimelineBucket
{
    /// <summary>When it began, in UTC.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How long it was.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Operations that ended, in whatever way.</summary>
    public long Ended { get; init; }

    /// <summary>Those of them that failed or timed out.</summary>
    public long Failed { get; init; }

    /// <summary>Operations (or whole hand-offs) that ran, on average.</summary>
    public double Running { get; init; }

    /// <summary>Operations that could run and waited for a worker, on average.</summary>
    public double Waiting { get; init; }

    /// <summary>Operations that ended for each second.</summary>
    public double Throughput => Ended / Duration.TotalSeconds;
}

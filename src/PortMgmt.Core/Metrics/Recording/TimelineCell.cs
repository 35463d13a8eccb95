namespace PortMgmt.Metrics.Recording;

/// <summary>What happened within one stretch of a timeline.</summary>
internal struct TimelineCell
{
    /// <summary>Which stretch, counted from the origin in the timeline's present width.</summary>
    public long Index;

    /// <summary>Operations that ended.</summary>
    public long Ended;

    /// <summary>Those of them that failed or timed out.</summary>
    public long Failed;

    /// <summary>Those that wait.</summary>
    public TimelineLevel Waiting;

    /// <summary>Those that run.</summary>
    public TimelineLevel Running;

    /// <summary>Adds another cell of the same stretch.</summary>
    public void Add(in TimelineCell other)
    {
        Ended += other.Ended;
        Failed += other.Failed;
        Waiting.Add(other.Waiting);
        Running.Add(other.Running);
    }

    /// <summary>The cell in a timeline of twice the width.</summary>
    public readonly TimelineCell Widen(long width)
    {
        TimelineCell wide = this;
        wide.Index = Index / 2;
        if (Index % 2 == 0)
        {
            wide.Waiting.Extend(width);
            wide.Running.Extend(width);
        }

        return wide;
    }
}

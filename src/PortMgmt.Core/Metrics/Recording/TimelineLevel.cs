namespace PortMgmt.Metrics.Recording;

/// <summary>
/// How a number of things changed within a cell. With the number at the cell's start these two give its mean, exactly and whatever the
/// order in which the changes were noted.
/// </summary>
internal struct TimelineLevel
{
    /// <summary>By how many it changed.</summary>
    public long Change;

    /// <summary>What the changes add to its integral up to the cell's end, in the clock's units.</summary>
    public double Area;

    /// <summary>Notes a change at so many units before the cell's end.</summary>
    public void Step(int change, long untilEnd)
    {
        Change += change;
        Area += (double)change * untilEnd;
    }

    /// <summary>Adds another's changes.</summary>
    public void Add(in TimelineLevel other)
    {
        Change += other.Change;
        Area += other.Area;
    }

    /// <summary>Moves the cell's end; what has changed stays changed until then.</summary>
    public void Extend(long units) => Area += (double)Change * units;
}

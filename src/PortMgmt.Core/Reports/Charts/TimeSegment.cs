namespace PortMgmt.Reports.Charts;

/// <summary>A stretch of an axis of time.</summary>
/// <param name="Start">When it begins.</param>
/// <param name="End">When it ends.</param>
/// <param name="Left">Where it begins.</param>
/// <param name="Scale">How long a tick of 100 ns is on it.</param>
internal readonly record struct TimeSegment(DateTimeOffset Start, DateTimeOffset End, double Left, double Scale)
{
    /// <summary>Where it ends.</summary>
    public double Right => X(End);

    /// <summary>Where a moment is.</summary>
    public double X(DateTimeOffset time) => Left + ((time - Start).Ticks * Scale);

    /// <summary>The moments within it that are a multiple of a step in the local time of its start.</summary>
    public IEnumerable<DateTimeOffset> Marks(TimeSpan step)
    {
        long first = (Start.Ticks + step.Ticks - 1) / step.Ticks * step.Ticks;
        for (DateTimeOffset mark = new(first, Start.Offset); mark <= End; mark += step)
        {
            yield return mark;
        }
    }
}

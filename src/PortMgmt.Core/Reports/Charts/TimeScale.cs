using PortMgmt.Metrics;

namespace PortMgmt.Reports.Charts;

/// <summary>An axis of time from which long idle stretches are cut out, so that a minute of work after a quiet night can be seen.</summary>
internal sealed class TimeScale
{
    private const double WidestGap = 44;

    /// <summary>The share of the axis that gaps may take together.</summary>
    private const double GapShare = 0.35;

    private TimeScale(IReadOnlyList<TimeSegment> segments, TimeSpan busy)
    {
        Segments = segments;
        Busy = busy;
    }

    /// <summary>The stretches that are shown, in the order of time.</summary>
    public IReadOnlyList<TimeSegment> Segments { get; }

    /// <summary>Their length together.</summary>
    public TimeSpan Busy { get; }

    /// <summary>Makes the axis.</summary>
    /// <param name="buckets">What is to be shown, at least one.</param>
    /// <param name="left">Where it begins.</param>
    /// <param name="width">How long it is.</param>
    public static TimeScale Create(IReadOnlyList<TimelineBucket> buckets, double left, double width)
    {
        List<(DateTimeOffset Start, DateTimeOffset End)> stretches = Join(buckets);
        TimeSpan busy = new(stretches.Sum(stretch => (stretch.End - stretch.Start).Ticks));
        double gap = stretches.Count == 1 ? 0 : Math.Min(WidestGap, GapShare * width / (stretches.Count - 1));
        double scale = (width - (gap * (stretches.Count - 1))) / busy.Ticks;
        List<TimeSegment> segments = [];
        foreach ((DateTimeOffset start, DateTimeOffset end) in stretches)
        {
            segments.Add(new TimeSegment(start, end, left, scale));
            left += ((end - start).Ticks * scale) + gap;
        }

        return new TimeScale(segments, busy);
    }

    /// <summary>Where a moment is that is shown.</summary>
    public double X(DateTimeOffset time)
    {
        TimeSegment segment = Segments[0];
        foreach (TimeSegment later in Segments)
        {
            segment = later.Start <= time ? later : segment;
        }

        return segment.X(time);
    }

    private static List<(DateTimeOffset Start, DateTimeOffset End)> Join(IReadOnlyList<TimelineBucket> buckets)
    {
        TimeSpan busy = new(buckets.Sum(bucket => bucket.Duration.Ticks));
        var shortGap = TimeSpan.FromTicks(Math.Max(busy.Ticks / 10, 10 * buckets.Min(bucket => bucket.Duration.Ticks)));
        List<(DateTimeOffset Start, DateTimeOffset End)> stretches = [];
        foreach (TimelineBucket bucket in buckets)
        {
            if (stretches.Count > 0 && bucket.Start - stretches[^1].End <= shortGap)
            {
                stretches[^1] = (stretches[^1].Start, bucket.Start + bucket.Duration);
            }
            else
            {
                stretches.Add((bucket.Start, bucket.Start + bucket.Duration));
            }
        }

        return stretches;
    }
}

using PortMgmt.Metrics;

namespace PortMgmt.Reports.Charts;

/// <summary>Puts stretches of time together until the bars of a chart are wide enough to be told apart.</summary>
internal static class TimelineBars
{
    /// <summary>Bars of about this number are some 18 units wide on a desk and 5 on a telephone.</summary>
    private const int Most = 48;

    /// <summary>Makes the bars: stretches that follow on one another are put together, but never over an idle time.</summary>
    /// <param name="buckets">In the order of time, at least one.</param>
    public static IReadOnlyList<TimelineBucket> From(IReadOnlyList<TimelineBucket> buckets)
    {
        long busy = buckets.Sum(bucket => bucket.Duration.Ticks);
        long unit = buckets.Min(bucket => bucket.Duration.Ticks);
        long length = Math.Max(1, (busy + (unit * Most) - 1) / (unit * Most)) * unit;
        List<TimelineBucket> bars = [];
        foreach (TimelineBucket bucket in buckets)
        {
            if (bars.Count > 0 && bucket.Start == bars[^1].Start + bars[^1].Duration && (bars[^1].Duration + bucket.Duration).Ticks <= length)
            {
                bars[^1] = Join(bars[^1], bucket);
            }
            else
            {
                bars.Add(bucket);
            }
        }

        return bars;
    }

    private static TimelineBucket Join(TimelineBucket first, TimelineBucket second)
    {
        TimeSpan duration = first.Duration + second.Duration;
        double share = first.Duration / duration;
        return first with
        {
            Duration = duration,
            Ended = first.Ended + second.Ended,
            Failed = first.Failed + second.Failed,
            Running = (first.Running * share) + (second.Running * (1 - share)),
            Waiting = (first.Waiting * share) + (second.Waiting * (1 - share)),
        };
    }
}

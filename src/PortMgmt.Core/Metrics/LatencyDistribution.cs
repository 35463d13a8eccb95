namespace PortMgmt.Metrics;

/// <summary>The merged content of any number of histograms at one moment. Not thread-safe.</summary>
public sealed class LatencyDistribution
{
    private readonly long[]?[] _rows = new long[]?[LatencyHistogram.Rows];
    private double _sum;
    private long _max;

    internal LatencyDistribution()
    {
    }

    /// <summary>How many durations were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The sum of all durations, to 15 digits.</summary>
    public TimeSpan Sum => FromNanoseconds(_sum);

    /// <summary>The longest duration, exact; zero when there is none.</summary>
    public TimeSpan Max => FromNanoseconds(_max);

    /// <summary>The arithmetic mean, to 15 digits; zero when there is none.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : FromNanoseconds(_sum / Count);

    /// <summary>The duration that the given share of all does not exceed (nearest rank), at most 1.6 % off and never above the maximum.</summary>
    /// <param name="percent">The share, above 0 to 100.</param>
    /// <returns>The duration; zero when there is none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not above 0, or above 100.</exception>
    public TimeSpan Percentile(double percent)
    {
        if (percent is not (> 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "Give a share above 0 and up to 100 percent.");
        }

        long rank = (long)Math.Ceiling(percent * Count / 100);
        if (rank >= Count)
        {
            return Max;
        }

        foreach ((double middle, long count) in Buckets())
        {
            rank -= count;
            if (rank <= 0)
            {
                return FromNanoseconds(Math.Min(middle, _max));
            }
        }

        return Max;
    }

    /// <summary>The buckets that counted anything, shortest first: the duration that stands for each, in nanoseconds, and its count.</summary>
    internal IEnumerable<(double Nanoseconds, long Count)> Buckets()
    {
        for (int row = 0; row < _rows.Length; row++)
        {
            for (int bucket = 0; _rows[row] is { } counts && bucket < counts.Length; bucket++)
            {
                if (counts[bucket] > 0)
                {
                    yield return (LatencyHistogram.MiddleOf(row, bucket), counts[bucket]);
                }
            }
        }
    }

    /// <summary>The usual figures.</summary>
    /// <returns>A snapshot.</returns>
    public LatencySummary Summarize() => Count == 0
        ? new LatencySummary()
        : new LatencySummary
        {
            Count = Count,
            P50 = Percentile(50),
            P95 = Percentile(95),
            P99 = Percentile(99),
            Max = Max,
            Mean = Mean,
        };

    internal void Add(long[]?[] rows, ref double sum, ref long max)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            if (Volatile.Read(ref rows[row]) is not { } counts)
            {
                continue;
            }

            long[] into = _rows[row] ??= new long[counts.Length];
            for (int bucket = 0; bucket < counts.Length; bucket++)
            {
                long count = Volatile.Read(ref counts[bucket]);
                into[bucket] += count;
                Count += count;
            }
        }

        _sum += Volatile.Read(ref sum);
        _max = Math.Max(_max, Volatile.Read(ref max));
    }

    private static TimeSpan FromNanoseconds(double nanoseconds) => new((long)Math.Round(nanoseconds / TimeSpan.NanosecondsPerTick));
}

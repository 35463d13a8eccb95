using System.Globalization;

namespace PortMgmt.Metrics;

/// <summary>The usual figures of a latency. Percentiles are at most 1.6 % off, mean and maximum are exact; all are zero when nothing was counted.</summary>
public sealed record LatencySummary
{
    /// <summary>How many durations were counted.</summary>
    public long Count { get; init; }

    /// <summary>The median.</summary>
    public TimeSpan P50 { get; init; }

    /// <summary>What 95 percent do not exceed.</summary>
    public TimeSpan P95 { get; init; }

    /// <summary>What 99 percent do not exceed.</summary>
    public TimeSpan P99 { get; init; }

    /// <summary>The longest.</summary>
    public TimeSpan Max { get; init; }

    /// <summary>The arithmetic mean.</summary>
    public TimeSpan Mean { get; init; }

    /// <summary>The figures in milliseconds, for a cell of a table.</summary>
    public override string ToString() => Count == 0 ? "none" : string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {P50.TotalMilliseconds:0.###} ms, p95 {P95.TotalMilliseconds:0.###} ms, p99 {P99.TotalMilliseconds:0.###} ms, max {Max.TotalMilliseconds:0.###} ms, mean {Mean.TotalMilliseconds:0.###} ms");
}

using System.Diagnostics;

namespace PortMgmt.Benchmarks.Leases;

/// <summary>The time of every single call, kept whole: percentiles are exact. Used by one thread.</summary>
internal sealed class LatencySample(int capacity)
{
    private readonly List<long> _ticks = new(capacity);
    private bool _sorted;

    /// <summary>How many calls there were.</summary>
    public int Count => _ticks.Count;

    /// <summary>The calls' times in timestamps, as they are kept.</summary>
    public IReadOnlyList<long> Ticks => _ticks;

    /// <summary>Keeps a call that began at a timestamp and has just ended.</summary>
    public void AddSince(long start) => Add(Stopwatch.GetTimestamp() - start);

    public void Add(long ticks)
    {
        _ticks.Add(ticks);
        _sorted = false;
    }

    /// <summary>The time in microseconds below or at which a share of the calls stayed (nearest rank).</summary>
    public double Percentile(double share)
    {
        if (!_sorted)
        {
            _ticks.Sort();
        }

        _sorted = true;
        int rank = Math.Clamp((int)Math.Ceiling(share * _ticks.Count) - 1, 0, _ticks.Count - 1);
        return Microseconds(_ticks[rank]);
    }

    public static double Microseconds(long ticks) => ticks * (1e6 / Stopwatch.Frequency);
}

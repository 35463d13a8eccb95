using System.Globalization;

namespace PortMgmt.Metrics;

/// <summary>What the result cache did so far.</summary>
public sealed record CacheStatistics
{
    /// <summary>Operations answered from the cache.</summary>
    public long Hits { get; init; }

    /// <summary>Operations that waited for one of the same id and got its result.</summary>
    public long Coalesced { get; init; }

    /// <summary>Operations with an id that had to run.</summary>
    public long Misses { get; init; }

    /// <summary>Results dropped because others were used more recently.</summary>
    public long Evictions { get; init; }

    /// <summary>Hits and coalesced of all operations with an id, 0-1; 0 when there is none.</summary>
    public double HitRate => Hits + Coalesced + Misses is > 0 and long all ? (double)(Hits + Coalesced) / all : 0;

    /// <summary>Results kept now.</summary>
    public int Size { get; init; }

    /// <summary>The counts, for a cell of a table.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Hits} hits, {Coalesced} coalesced, {Misses} misses, {Evictions} evictions, {Size} kept");
}

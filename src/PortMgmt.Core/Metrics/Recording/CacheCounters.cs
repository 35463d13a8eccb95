namespace PortMgmt.Metrics.Recording;

/// <summary>What the caches of a scheduler did, together. Thread-safe.</summary>
internal sealed class CacheCounters
{
    private long _hits;
    private long _coalesced;
    private long _misses;
    private long _evictions;

    public void Hit() => Interlocked.Increment(ref _hits);

    public void Coalesce() => Interlocked.Increment(ref _coalesced);

    public void Miss() => Interlocked.Increment(ref _misses);

    public void Evict() => Interlocked.Increment(ref _evictions);

    public CacheStatistics ToStatistics(int size) => new()
    {
        Hits = Interlocked.Read(ref _hits),
        Coalesced = Interlocked.Read(ref _coalesced),
        Misses = Interlocked.Read(ref _misses),
        Evictions = Interlocked.Read(ref _evictions),
        Size = size,
    };
}

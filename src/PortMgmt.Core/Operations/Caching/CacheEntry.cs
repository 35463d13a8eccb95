namespace PortMgmt.Operations.Caching;

/// <summary>A result in the cache, or an operation that runs and those that wait for it. Guarded by the cache's lock.</summary>
internal sealed class CacheEntry<TInput, TResult>(CacheKey key)
{
    public CacheKey Key { get; } = key;

    /// <summary>The next more recently used entry; only of stored ones.</summary>
    public CacheEntry<TInput, TResult>? Newer { get; set; }

    /// <summary>The next less recently used entry; only of stored ones.</summary>
    public CacheEntry<TInput, TResult>? Older { get; set; }

    public TResult? Output { get; set; }

    /// <summary>The result is there; until then the entry stands for an operation that runs.</summary>
    public bool IsStored { get; set; }

    public List<CacheWaiter<TInput, TResult>>? Waiters { get; set; }
}

using PortMgmt.Metrics;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Caching;

namespace PortMgmt.Operations.Scheduling;

/// <summary>The cache that batches of a scheduler share, and those of batches that have their own. Not thread-safe: guarded by the scheduler's lock.</summary>
internal sealed class SchedulerCaches<TInput, TResult>
{
    private readonly CacheCounters _counters = new();
    private readonly OperationCache<TInput, TResult> _shared;

    /// <param name="size">How many results the shared cache keeps.</param>
    public SchedulerCaches(int size) => _shared = new OperationCache<TInput, TResult>(size, _counters);

    /// <summary>The share of look-ups that were answered.</summary>
    public double HitRate => _counters.ToStatistics(0).HitRate;

    /// <summary>The cache for a batch. Batches that name no executor identity share results with no other: they have a cache of their own.</summary>
    public OperationCache<TInput, TResult> For(OperationBatchOptions<TInput, TResult> options, OperationSettings settings) =>
        options.ExecutorIdentity is null ? new OperationCache<TInput, TResult>(options.CacheSize ?? settings.CacheSize, _counters) : _shared;

    /// <summary>Changes the size of all caches that are not of a size of their own.</summary>
    public void Resize(IEnumerable<OperationBatch<TInput, TResult>> batches, int size)
    {
        _shared.Resize(size);
        foreach (OperationBatch<TInput, TResult> batch in batches)
        {
            if (batch.Options.CacheSize is null)
            {
                batch.Cache.Resize(size);
            }
        }
    }

    public void Clear(IEnumerable<OperationBatch<TInput, TResult>> batches)
    {
        foreach (OperationCache<TInput, TResult> cache in All(batches))
        {
            cache.Clear();
        }
    }

    public CacheStatistics GetStatistics(IEnumerable<OperationBatch<TInput, TResult>> batches) =>
        _counters.ToStatistics(All(batches).Sum(cache => cache.Size));

    private IEnumerable<OperationCache<TInput, TResult>> All(IEnumerable<OperationBatch<TInput, TResult>> batches) =>
        batches.Select(batch => batch.Cache).Where(cache => cache != _shared).Append(_shared);
}

using PortMgmt.Metrics;
using PortMgmt.Operations;

namespace PortMgmt.Advice;

/// <summary>What advice goes by: the figures of a scheduler and the settings under which they came about.</summary>
/// <param name="Metrics">The figures.</param>
/// <param name="Health">The state.</param>
/// <param name="Settings">The settings.</param>
/// <param name="ConcurrencyLimit">The limit that holds.</param>
internal sealed record OperationSnapshot(OperationMetrics Metrics, OperationHealth Health, OperationSettings Settings, int ConcurrencyLimit)
{
    /// <summary>The share of the limit in use, on average while batches were open, or now if that is more.</summary>
    public double Saturation => Math.Max(Metrics.MeanConcurrency, Health.ActiveOperations) / ConcurrencyLimit;

    /// <summary>Operations for each hand-off on average; 0 when there was none.</summary>
    public double MeanHandOff => Metrics.HandOffs == 0 ? 0 : (double)Metrics.Latency.Queue.Count / Metrics.HandOffs;

    /// <summary>Operations that had an id and asked the cache.</summary>
    public long CacheRequests => Health.Cache.Hits + Health.Cache.Coalesced + Health.Cache.Misses;
}

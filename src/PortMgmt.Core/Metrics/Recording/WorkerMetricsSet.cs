namespace PortMgmt.Metrics.Recording;

/// <summary>The metrics of all workers that ever were: one that ends leaves its own to the next, so there are as many as ran at once. Thread-safe.</summary>
internal sealed class WorkerMetricsSet
{
    private readonly Lock _lock = new();
    private readonly List<WorkerMetrics> _all = [new()];
    private readonly Stack<WorkerMetrics> _free = new();

    /// <summary>What is recorded for workers that were given up. Several may write: each locks it.</summary>
    public WorkerMetrics GivenUp => _all[0];

    /// <summary>Gives a new worker metrics of its own.</summary>
    public WorkerMetrics Rent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out WorkerMetrics? metrics))
            {
                return metrics;
            }

            metrics = new WorkerMetrics();
            _all.Add(metrics);
            return metrics;
        }
    }

    /// <summary>A worker left for good; nobody writes to its metrics any more.</summary>
    public void Return(WorkerMetrics metrics)
    {
        lock (_lock)
        {
            _free.Push(metrics);
        }
    }

    /// <summary>Adds up a figure of all.</summary>
    public long Sum(Func<WorkerMetrics, long> figure)
    {
        lock (_lock)
        {
            return _all.Sum(figure);
        }
    }

    /// <summary>Merges a latency of all.</summary>
    public LatencyDistribution Merge(Func<WorkerMetrics, LatencyHistogram> histogram)
    {
        var merged = new LatencyDistribution();
        lock (_lock)
        {
            foreach (WorkerMetrics metrics in _all)
            {
                histogram(metrics).AddTo(merged);
            }
        }

        return merged;
    }
}

namespace PortMgmt.Metrics.Recording;

/// <summary>The latencies that one worker records; it is the only one that writes, and nobody waits for it.</summary>
internal sealed class WorkerMetrics
{
    public LatencyHistogram Queue { get; } = new();

    public LatencyHistogram Service { get; } = new();

    public LatencyHistogram Total { get; } = new();

    public LatencyHistogram Trigger { get; } = new();

    public long HandOffs { get; set; }

    public long Retries { get; set; }
}

namespace PortMgmt.Metrics;

/// <summary>The latencies of operations that ran; answers from the cache are not among them.</summary>
public sealed record OperationLatency
{
    /// <summary>From acceptance to the first start.</summary>
    public LatencySummary Queue { get; init; } = new();

    /// <summary>How long attempts took, each counted by itself.</summary>
    public LatencySummary Service { get; init; } = new();

    /// <summary>From acceptance to the result.</summary>
    public LatencySummary Total { get; init; } = new();

    /// <summary>All of them, for a cell of a table.</summary>
    public override string ToString() => $"total: {Total}; queue: {Queue}; service: {Service}";
}

namespace PortMgmt.Metrics;

/// <summary>The state of a scheduler at one moment.</summary>
public sealed record OperationHealth
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>The cluster that the node belongs to; null for none.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The scheduler takes batches.</summary>
    public bool IsRunning { get; init; }

    /// <summary>Operations (or whole hand-offs) that run now.</summary>
    public int ActiveOperations { get; init; }

    /// <summary>Operations accepted that neither run nor have ended.</summary>
    public long QueuedOperations { get; init; }

    /// <summary>Operations that succeeded.</summary>
    public long CompletedOperations { get; init; }

    /// <summary>Operations that ended, in whatever way.</summary>
    public long TotalProcessed { get; init; }

    /// <summary>Executors that heeded neither a timeout nor a stop within the grace and have not returned since.</summary>
    public int StuckOperations { get; init; }

    /// <summary>Calls of event listeners that threw; the scheduler goes on without them.</summary>
    public long ListenerFailures { get; init; }

    /// <summary>The cache.</summary>
    public required CacheStatistics Cache { get; init; }

    /// <summary>When this was taken, in UTC.</summary>
    public DateTimeOffset Timestamp { get; init; }
}

namespace PortMgmt.Cluster.Transport;

/// <summary>What a node takes from the cluster.</summary>
internal sealed record ClusterInboxOptions
{
    /// <summary>Which kind of operations.</summary>
    public required string Type { get; init; }

    /// <summary>How many partitions the type is to have; null for as many as it has, or one.</summary>
    public int? Partitions { get; init; }

    /// <summary>How many operations the node holds at once at most.</summary>
    public required int Room { get; init; }

    /// <summary>How many results go into one message at most.</summary>
    public int ResultsPerMessage { get; init; } = 100;

    /// <summary>How often the node tells how it is; 5 s unless set.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Takes an operation in. Called for one after the other.</summary>
    public required Func<ClusterDelivery, ValueTask> OnDelivery { get; init; }

    /// <summary>Told of what the node's owner should know and need not act on. Quick and thread-safe.</summary>
    public Action<string>? OnNotice { get; init; }

    /// <summary>Says how the worker is. Thread-safe.</summary>
    public required Func<ClusterWorkerState> GetState { get; init; }
}

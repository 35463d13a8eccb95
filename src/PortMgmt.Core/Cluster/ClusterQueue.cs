namespace PortMgmt.Cluster;

/// <summary>What waits in the queues of one type at the broker.</summary>
internal sealed record ClusterQueue
{
    /// <summary>Which kind of operations.</summary>
    public required string Type { get; init; }

    /// <summary>The queue of work is gone, or was never made.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Operations that no worker has taken yet.</summary>
    public long Waiting { get; init; }

    /// <summary>Operations that came back from nodes twice, and wait to be run one at a time.</summary>
    public long SetApart { get; init; }

    /// <summary>Operations that were given up and are not answered yet.</summary>
    public long GivenUp { get; init; }

    /// <summary>Dead letters.</summary>
    public long DeadLetters { get; init; }

    /// <summary>How many workers take from the queue of work.</summary>
    public int Workers { get; init; }
}

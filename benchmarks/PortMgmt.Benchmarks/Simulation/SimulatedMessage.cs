using PortMgmt.Cluster;

namespace PortMgmt.Benchmarks.Simulation;

/// <summary>An operation in a queue.</summary>
internal sealed class SimulatedMessage(SimulatedSubmitter submitter, ClusterOperation operation, bool isPoison)
{
    public SimulatedSubmitter Submitter => submitter;

    public ClusterOperation Operation => operation;

    /// <summary>It ends every node that starts it.</summary>
    public bool IsPoison => isPoison;

    /// <summary>How often it came back from a node, in the queue that it is in.</summary>
    public int Returns { get; set; }

    /// <summary>When it was put into its queue.</summary>
    public double QueuedAt { get; set; }

    /// <summary>When it came back from a node that was lost; negative for never.</summary>
    public double LostAt { get; set; } = -1;
}

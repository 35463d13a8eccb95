namespace PortMgmt.Cluster;

/// <summary>Whether a worker takes operations.</summary>
public enum ClusterWorkerCondition
{
    /// <summary>It takes what it has room for.</summary>
    Healthy,

    /// <summary>It finishes what it has and takes no more until it is well.</summary>
    Unhealthy,

    /// <summary>It finishes what it has and ends.</summary>
    Draining,
}

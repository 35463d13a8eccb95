namespace PortMgmt.Cluster;

/// <summary>What a message may hold. Beyond these a broker is the wrong place: keep the data elsewhere and send where it is.</summary>
internal static class ClusterLimits
{
    /// <summary>The largest input or output of an operation, in bytes of JSON: 1 MiB.</summary>
    public const int MaxInputBytes = 1 << 20;

    /// <summary>The longest id of an operation, in bytes of UTF-8: with the batch's id it has to fit into the 255 bytes of a message id.</summary>
    public const int MaxIdBytes = 180;

    /// <summary>The longest error text that travels, in characters; what is longer is cut.</summary>
    public const int MaxErrorLength = 8000;

    /// <summary>The most partitions that a type may have: beyond a few for each node of the broker they only cost.</summary>
    public const int MaxPartitions = 64;
}

namespace PortMgmt.Cluster.Transport;

/// <summary>An operation that came to a node. Whoever gets it answers or returns it, once.</summary>
internal abstract class ClusterDelivery
{
    /// <summary>The batch.</summary>
    public required string BatchId { get; init; }

    /// <summary>The operation's id in its batch.</summary>
    public required string OperationId { get; init; }

    /// <summary>Which kind of operation.</summary>
    public required string Type { get; init; }

    /// <summary>The input, one JSON value in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>How often it went to a node before and came back unfinished.</summary>
    public int Returns { get; init; }

    /// <summary>What makes it the same operation wherever it comes from: batch and id.</summary>
    public required string Key { get; init; }
}

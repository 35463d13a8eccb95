namespace PortMgmt.RabbitMq.Topology;

/// <summary>What the broker says of a queue.</summary>
internal enum QueuePresence
{
    /// <summary>It is there and serves.</summary>
    Present,

    /// <summary>There is no queue of that name: the one answer from which it follows that nobody waits.</summary>
    Gone,

    /// <summary>There is one that does not serve now, or the broker could not be asked: its node is down, it has no leader, a partition.</summary>
    Unknown,
}

using PortMgmt.Cluster.Transport;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>An operation that came from the broker, on a channel that may be gone by the time it has ended.</summary>
internal sealed class BrokerDelivery : ClusterDelivery
{
    private int _isSettled;

    /// <summary>What acknowledges it.</summary>
    public required AckBatcher AckBatcher { get; init; }

    /// <summary>Its tag on that channel.</summary>
    public required ulong Tag { get; init; }

    /// <summary>It runs apart from others; returned once too often it is dead.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>It is done with.</summary>
    public void Acknowledge()
    {
        if (Interlocked.Exchange(ref _isSettled, 1) == 0)
        {
            AckBatcher.Acknowledge(Tag);
        }
    }

    /// <summary>It goes back to its queue.</summary>
    public void Return()
    {
        if (Interlocked.Exchange(ref _isSettled, 1) == 0)
        {
            AckBatcher.Return(Tag);
        }
    }
}

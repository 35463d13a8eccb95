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

    /// <summary>When its submitter sent it, by its clock and to the second; null where it did not say.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>Told when the node is done with it, whatever becomes of it.</summary>
    public Action<BrokerDelivery>? OnSettled { get; set; }

    /// <summary>It is done with.</summary>
    public void Acknowledge()
    {
        if (Settle())
        {
            AckBatcher.Acknowledge(Tag);
        }
    }

    /// <summary>It goes back to its queue.</summary>
    public void Return()
    {
        if (Settle())
        {
            AckBatcher.Return(Tag);
        }
    }

    /// <summary>Somebody else settles it with the broker.</summary>
    /// <returns>False where it is settled already.</returns>
    public bool Settle()
    {
        if (Interlocked.Exchange(ref _isSettled, 1) != 0)
        {
            return false;
        }

        OnSettled?.Invoke(this);
        return true;
    }
}

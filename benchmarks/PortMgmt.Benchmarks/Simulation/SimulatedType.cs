using PortMgmt.RabbitMq.Topology;

namespace PortMgmt.Benchmarks.Simulation;

/// <summary>The queues of a type: the one of work and the one of what runs apart, each with the workers that take from it in turns.</summary>
internal sealed class SimulatedType(string name, SimulatedBroker broker)
{
    private readonly LinkedList<SimulatedMessage> _work = new();
    private readonly LinkedList<SimulatedMessage> _suspects = new();
    private readonly List<SimulatedInbox> _inboxes = [];
    private int _next;

    public string Name => name;

    /// <summary>The node of the broker that decides for it.</summary>
    public int Leader { get; set; }

    public void Publish(SimulatedMessage message)
    {
        message.QueuedAt = broker.Time.Now;
        _work.AddLast(message);
        Pump();
    }

    /// <summary>A node moves a message to those that run apart: the broker has it there before the original goes.</summary>
    public void SetApart(SimulatedMessage message)
    {
        message.Returns = 0;
        _suspects.AddLast(message);
        Pump();
    }

    public void Join(SimulatedInbox inbox)
    {
        _inboxes.Add(inbox);
        Pump();
    }

    /// <summary>A node is gone: what it did not acknowledge comes back, before the rest.</summary>
    public void Leave(SimulatedInbox inbox, IEnumerable<(SimulatedMessage Message, bool IsSuspect)> unsettled)
    {
        _inboxes.Remove(inbox);
        foreach ((SimulatedMessage message, bool isSuspect) in unsettled)
        {
            message.Returns++;
            message.LostAt = broker.Time.Now;
            if (isSuspect && message.Returns > ClusterTopology.SuspectDeliveryLimit)
            {
                broker.GiveUp(message);
            }
            else
            {
                (isSuspect ? _suspects : _work).AddFirst(message);
            }
        }

        Pump();
    }

    public void Pump()
    {
        if (!broker.IsUp(Leader))
        {
            return;
        }

        Deliver(_suspects, isSuspect: true);
        Deliver(_work, isSuspect: false);
    }

    private void Deliver(LinkedList<SimulatedMessage> queue, bool isSuspect)
    {
        while (queue.First is { } first && FindRoom(isSuspect) is { } inbox)
        {
            queue.RemoveFirst();
            inbox.Take(first.Value, isSuspect);
        }
    }

    private SimulatedInbox? FindRoom(bool isSuspect)
    {
        for (int i = 0; i < _inboxes.Count; i++)
        {
            SimulatedInbox inbox = _inboxes[_next++ % _inboxes.Count];
            if (inbox.HasRoom(isSuspect))
            {
                return inbox;
            }
        }

        return null;
    }
}

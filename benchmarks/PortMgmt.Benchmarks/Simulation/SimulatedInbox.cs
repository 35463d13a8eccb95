using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.RabbitMq.Workers;

namespace PortMgmt.Benchmarks.Simulation;

/// <summary>A node's end of one type. Which deliveries an acknowledgement covers is decided by the transport's own ledger.</summary>
internal sealed class SimulatedInbox(SimulatedNode node, SimulatedType type, SimulatedBroker broker, int room)
{
    private readonly AckLedger _ledger = new();

    /// <summary>What the broker waits for, by tag.</summary>
    private readonly SortedDictionary<ulong, (SimulatedMessage Message, bool IsSuspect, bool IsAnswered, bool HasRoom)> _unsettled = [];

    private ulong _tag;
    private int _running;
    private bool _runsSuspect;

    public bool HasRoom(bool isSuspect) => node.IsUp && (isSuspect ? !_runsSuspect : _running < room);

    public void Take(SimulatedMessage message, bool isSuspect)
    {
        ulong tag = ++_tag;
        _ledger.Open(tag);
        if (!isSuspect && message.Returns >= ClusterTopology.SuspectAfter)
        {
            _unsettled.Add(tag, (message, isSuspect, true, false));
            type.SetApart(message);
            Acknowledge(tag);
            return;
        }

        _unsettled.Add(tag, (message, isSuspect, false, true));
        _running += isSuspect ? 0 : 1;
        _runsSuspect |= isSuspect;
        broker.Figures.RecordStart(message, broker.Time.Now);
        int incarnation = node.Incarnation;
        broker.Time.After(broker.DurationOf(message), () =>
        {
            if (node.Incarnation == incarnation)
            {
                End(tag, message);
            }
        });
    }

    /// <summary>The node is gone.</summary>
    public void Leave() => type.Leave(this, _unsettled.Values.Reverse().Select(item => (item.Message, item.IsSuspect)));

    private void End(ulong tag, SimulatedMessage message)
    {
        if (message.IsPoison)
        {
            node.Kill();
            return;
        }

        int incarnation = node.Incarnation;
        var result = new ClusterResult { OperationId = message.Operation.Id, Status = OperationStatus.Succeeded, NodeId = node.Name };
        broker.PublishResult(message.Submitter, result, () =>
        {
            // The node may have gone between the result and its confirmation: then the operation runs again, and its result is a repeat.
            if (node.Incarnation == incarnation)
            {
                _unsettled[tag] = _unsettled[tag] with { IsAnswered = true };
                Acknowledge(tag);
            }
        });
    }

    private void Acknowledge(ulong tag)
    {
        IReadOnlyList<ulong> others = _ledger.Settle([tag], out ulong upTo);
        foreach (ulong settled in _unsettled.Keys.TakeWhile(open => open <= upTo).Concat(others).ToArray())
        {
            (_, bool isSuspect, bool isAnswered, bool hasRoom) = _unsettled[settled];
            if (!isAnswered)
            {
                throw new InvalidOperationException("An acknowledgement covers an operation that has no result.");
            }

            _unsettled.Remove(settled);
            _runsSuspect &= !isSuspect;
            _running -= hasRoom && !isSuspect ? 1 : 0;
        }

        type.Pump();
    }
}

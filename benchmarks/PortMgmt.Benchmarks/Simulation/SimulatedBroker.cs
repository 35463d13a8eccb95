using PortMgmt.Cluster;
using PortMgmt.Operations;

namespace PortMgmt.Benchmarks.Simulation;

/// <summary>
/// A broker of three nodes. A queue has a copy on each; while its leader is lost nothing goes in or out, until another is elected. What it
/// has confirmed it keeps.
/// </summary>
internal sealed class SimulatedBroker(VirtualTime time, Random random, SimulationFigures figures, double meanDuration)
{
    private const int Nodes = 3;
    private const double Election = 5;
    private const double Latency = 0.002;

    private readonly bool[] _isUp = [true, true, true];
    private readonly List<Action> _waiting = [];

    public VirtualTime Time => time;

    public SimulationFigures Figures => figures;

    public List<SimulatedType> Types { get; } = [];

    public List<SimulatedSubmitter> Submitters { get; } = [];

    public bool IsUp(int node) => _isUp[node];

    public double DurationOf(SimulatedMessage message) => message.IsPoison ? 0.01 : -Math.Log(1 - random.NextDouble()) * meanDuration;

    /// <summary>One in 20,000 operations ends whatever starts it.</summary>
    public bool IsPoison(int batch, int n) => ((batch * 7919) + n) % 20_000 == 13;

    public void Publish(SimulatedType type, SimulatedMessage message, Action confirmed) => WhenUp(() => type.Leader, () =>
    {
        type.Publish(message);
        time.After(Latency, confirmed);
    });

    public void PublishResult(SimulatedSubmitter submitter, ClusterResult result, Action confirmed) => WhenUp(() => submitter.Leader, () =>
    {
        submitter.Deliver(result);
        time.After(Latency, confirmed);
    });

    /// <summary>The delivery limit is reached: a dead letter, and a failed result.</summary>
    public void GiveUp(SimulatedMessage message)
    {
        figures.DeadLetters++;
        var result = new ClusterResult
        {
            OperationId = message.Operation.Id,
            Status = OperationStatus.Failed,
            NodeId = "",
            Error = "dead",
            ErrorCode = OperationErrorCode.DeliveryLimitReached,
        };
        PublishResult(message.Submitter, result, () => { });
    }

    /// <summary>A node of the broker is lost, and its queues get another leader.</summary>
    public void Lose(int node)
    {
        figures.BrokerNodesLost++;
        _isUp[node] = false;
        time.After(Election, () =>
        {
            Types.FindAll(type => type.Leader == node).ForEach(type => type.Leader = (node + 1) % Nodes);
            Submitters.FindAll(submitter => submitter.Leader == node).ForEach(submitter => submitter.Leader = (node + 1) % Nodes);
            _isUp[node] = true;
            Action[] waiting = [.. _waiting];
            _waiting.Clear();
            Array.ForEach(waiting, action => action());
            Types.ForEach(type => type.Pump());
        });
    }

    private void WhenUp(Func<int> leader, Action action) => time.After(Latency, () => Try(leader, action));

    private void Try(Func<int> leader, Action action)
    {
        if (IsUp(leader()))
        {
            action();
        }
        else
        {
            _waiting.Add(() => Try(leader, action));
        }
    }
}

namespace PortMgmt.Benchmarks.Simulation;

/// <summary>A process with workers, which is lost now and then and comes back.</summary>
internal sealed class SimulatedNode(string name, SimulatedType[] types, SimulatedBroker broker, int room)
{
    private const double Downtime = 5;

    private SimulatedInbox[] _inboxes = [];

    public string Name => name;

    public bool IsUp { get; private set; }

    /// <summary>Which of its processes that is.</summary>
    public int Incarnation { get; private set; }

    public void Start()
    {
        IsUp = true;
        _inboxes = Array.ConvertAll(types, type => new SimulatedInbox(this, type, broker, room));
        for (int i = 0; i < types.Length; i++)
        {
            types[i].Join(_inboxes[i]);
        }
    }

    public void Kill()
    {
        if (!IsUp)
        {
            return;
        }

        IsUp = false;
        Incarnation++;
        broker.Figures.NodesLost++;
        Array.ForEach(_inboxes, inbox => inbox.Leave());
        broker.Time.After(Downtime, Start);
    }
}

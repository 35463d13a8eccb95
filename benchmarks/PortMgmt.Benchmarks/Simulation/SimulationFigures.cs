namespace PortMgmt.Benchmarks.Simulation;

/// <summary>What a simulation counts.</summary>
internal sealed class SimulationFigures
{
    private readonly Dictionary<(SimulatedSubmitter, string), int> _startsOfPoison = [];
    private readonly List<double> _waits = [];
    private readonly List<double> _recoveries = [];

    public int NodesLost { get; set; }

    public int BrokerNodesLost { get; set; }

    public int SubmittersLost { get; set; }

    public int DeadLetters { get; set; }

    public long Starts { get; private set; }

    public int MostStartsOfPoison => _startsOfPoison.Values.DefaultIfEmpty().Max();

    public void RecordStart(SimulatedMessage message, double now)
    {
        Starts++;
        if (message.IsPoison)
        {
            (SimulatedSubmitter, string) key = (message.Submitter, message.Operation.Id);
            _startsOfPoison[key] = _startsOfPoison.GetValueOrDefault(key) + 1;
        }

        if (message.LostAt >= 0)
        {
            _recoveries.Add(now - message.LostAt);
        }
        else
        {
            _waits.Add(now - message.QueuedAt);
        }
    }

    public (double Median, double High, double Most) Waits() => Summarise(_waits);

    public (double Median, double High, double Most) Recoveries() => Summarise(_recoveries);

    private static (double Median, double High, double Most) Summarise(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? default : (values[values.Count / 2], values[(int)(values.Count * 0.99)], values[^1]);
    }
}

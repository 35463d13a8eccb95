using System.Diagnostics;
using System.Globalization;

namespace PortMgmt.Benchmarks.Simulation;

/// <summary>
/// A cluster of 1,000 nodes and 100 types in virtual time, with nodes, brokers and submitters that are lost: checks the rules that the
/// transport rests on, with its own ledgers. The same seed gives the same run.
/// </summary>
internal static class SimulationMode
{
    private const int Nodes = 1000;
    private const int Types = 100;
    private const int TypesOfNode = 5;
    private const int Room = 4;
    private const int Window = 1000;

    /// <summary>Runs.</summary>
    /// <param name="args">How many operations, 1,000,000 if left out; the seed, 1 if left out.</param>
    public static int Run(string[] args)
    {
        int operations = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        int seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
        var watch = Stopwatch.StartNew();
        var time = new VirtualTime();
        var random = new Random(seed);
        var figures = new SimulationFigures();
        var broker = new SimulatedBroker(time, random, figures, meanDuration: 1);
        Build(broker, operations / Types);
        ScheduleLosses(broker, random);
        time.RunUntil(() => broker.Submitters.TrueForAll(submitter => submitter.IsOver));
        broker.Submitters.ForEach(submitter => submitter.Check());
        Write(broker, operations, seed, watch.Elapsed);
        return figures.MostStartsOfPoison <= 5 ? 0 : 1;
    }

    private static void Build(SimulatedBroker broker, int operationsOfBatch)
    {
        for (int i = 0; i < Types; i++)
        {
            var type = new SimulatedType($"type-{i}", broker) { Leader = i % 3 };
            broker.Types.Add(type);
            broker.Submitters.Add(new SimulatedSubmitter(i, type, broker, operationsOfBatch, Window) { Leader = (i + 1) % 3 });
        }
    }

    private static void ScheduleLosses(SimulatedBroker broker, Random random)
    {
        SimulatedNode[] nodes = [.. Enumerable.Range(0, Nodes).Select(i => new SimulatedNode(
            $"node-{i}", [.. Enumerable.Range(0, TypesOfNode).Select(k => broker.Types[(i + (k * 7)) % Types])], broker, Room))];
        Array.ForEach(nodes, node => node.Start());
        broker.Submitters.ForEach(submitter => submitter.Start());
        Repeat(broker.Time, random, 0.1, () => nodes[random.Next(Nodes)].Kill());
        Repeat(broker.Time, random, 15, () => broker.Lose(random.Next(3)));
        Repeat(broker.Time, random, 2, () => broker.Submitters[random.Next(Types)].Replace());
    }

    private static void Repeat(VirtualTime time, Random random, double mean, Action action) => time.After(-Math.Log(1 - random.NextDouble()) * mean, () =>
    {
        action();
        Repeat(time, random, mean, action);
    });

    private static void Write(SimulatedBroker broker, int operations, int seed, TimeSpan elapsed)
    {
        SimulationFigures figures = broker.Figures;
        double[] ends = [.. broker.Submitters.Select(submitter => submitter.OverAt).Order()];
        Line("seed", $"{seed}");
        Line("operations, each with exactly one result", $"{operations:N0}");
        Line("virtual time; events; real time", $"{broker.Time.Now:N0} s; {broker.Time.Count:N0}; {elapsed.TotalSeconds:N0} s");
        Line("lost: nodes, brokers' nodes, submitters", $"{figures.NodesLost:N0}, {figures.BrokerNodesLost:N0}, {figures.SubmittersLost:N0}");
        Line("starts beyond one for each operation", $"{figures.Starts - operations:N0}");
        Line("dead letters; most starts of one that ends its node", $"{figures.DeadLetters}; {figures.MostStartsOfPoison}");
        Line("most that a submitter waited for at once", $"{broker.Submitters.Max(submitter => submitter.MostWaiting):N0}");
        Line("first, median and last type to end", $"{ends[0]:N0}, {ends[ends.Length / 2]:N0}, {ends[^1]:N0} s");
        Line("wait in the queue: median, 99 of 100, most", Text(figures.Waits()));
        Line("from the loss of a node to the next start of what it had", Text(figures.Recoveries()));
    }

    private static string Text((double Median, double High, double Most) values) =>
        string.Create(CultureInfo.InvariantCulture, $"{values.Median:N2}, {values.High:N2}, {values.Most:N2} s");

    private static void Line(string what, FormattableString value) => Line(what, FormattableString.Invariant(value));

    private static void Line(string what, string value) => Console.WriteLine($"| {what} | {value} |");
}

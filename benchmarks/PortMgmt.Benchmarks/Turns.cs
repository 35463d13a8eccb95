using System.Diagnostics;
using System.Globalization;
using PortMgmt.Benchmarks.Leases;

namespace PortMgmt.Benchmarks;

/// <summary>
/// Runs pieces of work in turns, some calls of each at a time, and tells the median time and the mean processor time of a call, beside
/// the first, which is the floor. Processor time is the whole process's: nothing else may run in it.
/// </summary>
internal sealed class Turns(int calls)
{
    private const int CallsATurn = 20;
    private readonly List<(string Name, Action Work, LatencySample Times)> _rows = [];
    private readonly Dictionary<string, TimeSpan> _processorTimes = [];

    /// <summary>Adds a piece of work.</summary>
    public void Add(string name, Action work) => _rows.Add((name, work, new LatencySample(calls)));

    /// <summary>Runs them all and writes a row for each.</summary>
    /// <param name="label">What the rows begin with.</param>
    public void Run(string label)
    {
        RunTurns(Math.Min(calls, 10 * CallsATurn), count: false);
        RunTurns(calls, count: true);
        (double floor, double processorFloor) = (Median(0), ProcessorTime(0));
        for (int i = 0; i < _rows.Count; i++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {label} | {_rows[i].Name} | {Median(i):0.0} | {Median(i) / floor:0.00} | {ProcessorTime(i):0.0} | {ProcessorTime(i) / processorFloor:0.00} |"));
        }
    }

    public const string Heading = """
        | | | p50 us | times floor | processor us | times floor |
        | --- | --- | ---: | ---: | ---: | ---: |
        """;

    private double Median(int row) => _rows[row].Times.Percentile(0.5);

    private double ProcessorTime(int row) => _processorTimes[_rows[row].Name].TotalMicroseconds / _rows[row].Times.Count;

    private void RunTurns(int many, bool count)
    {
        for (int done = 0; done < many; done += CallsATurn)
        {
            foreach ((string name, Action work, LatencySample times) in _rows)
            {
                TimeSpan before = Environment.CpuUsage.TotalTime;
                for (int i = 0; i < CallsATurn; i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    work();
                    if (count)
                    {
                        times.AddSince(start);
                    }
                }

                if (count)
                {
                    _processorTimes[name] = _processorTimes.GetValueOrDefault(name) + Environment.CpuUsage.TotalTime - before;
                }
            }
        }
    }
}

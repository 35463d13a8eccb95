using System.Diagnostics;
using System.Globalization;
using PortMgmt.Benchmarks.Leases;
using PortMgmt.Benchmarks.Operations;

namespace PortMgmt.Benchmarks.Sizes;

/// <summary>What a call or an operation costs as something grows: lines of series, size and microseconds, for <see cref="PlotMode"/>.</summary>
internal static class SizesMode
{
    private const int OperationsForWorkers = 200_000;

    private static readonly int[] LiveLeases = [0, 100, 1000, 10_000, 50_000];
    private static readonly int[] OperationCounts = [1000, 10_000, 100_000, 1_000_000];
    private static readonly int[] WorkerCounts = [1, 2, 4, 8, 16, 32, 64];

    /// <summary>Runs the mode.</summary>
    /// <param name="args">What grows: leases, operations or workers; then how many rounds the medians are of, 5 unless given.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        switch (args)
        {
            case ["leases", ..]:
                MeasureLeases(calls: 600 * rounds);
                return 0;
            case ["operations", ..]:
                await MeasureAsync(OperationCounts, static size => (size, 4), rounds);
                return 0;
            case ["workers", ..]:
                await MeasureAsync(WorkerCounts, static size => (OperationsForWorkers, size), rounds);
                return 0;
            default:
                await Console.Error.WriteLineAsync("usage: sizes leases|operations|workers [rounds]");
                return 2;
        }
    }

    private static void MeasureLeases(int calls)
    {
        using var owners = new OtherOwners();

        // The first row would otherwise pay for code that is not optimized yet.
        using (var first = new ScratchRegistry())
        {
            LatencyRow.MeasureCalls(first.Registry, LatencyCase.Named, 10 * LatencyRow.WarmUpCalls);
        }

        foreach (int live in LiveLeases)
        {
            using var scratch = new ScratchRegistry();
            owners.Lease(scratch.Registry, live);
            LatencyRow.MeasureCalls(scratch.Registry, LatencyCase.Named, LatencyRow.WarmUpCalls);
            LatencyRow.MeasureFloor(scratch, LatencyRow.WarmUpCalls);
            (LatencySample acquire, LatencySample release) = LatencyRow.MeasureCalls(scratch.Registry, LatencyCase.Named, calls);
            LatencySample floor = LatencyRow.MeasureFloor(scratch, calls);
            Say("lease, p99", live, acquire.Percentile(0.99));
            Say("lease, median", live, acquire.Percentile(0.5));
            Say("give back, median", live, release.Percentile(0.5));
            Say("floor: flock, bind, listen, close", live, floor.Percentile(0.5));
        }
    }

    private static async Task MeasureAsync(int[] sizes, Func<int, (int Operations, int Workers)> plan, int rounds)
    {
        Contestant[] contestants =
        [
            new("RunAsync", Ours.Stream),
            new("floor: one channel, hand to hand", Peers.ChannelAlone),
        ];
        foreach (Contestant contestant in contestants)
        {
            await contestant.RunCheckedAsync(1_000_000, 4);
        }

        Dictionary<(int Size, Contestant Contestant), List<double>> samples = [];

        // Sizes in turns, so that what else the machine does meets all of them alike; short runs more often.
        for (int round = 0; round < rounds; round++)
        {
            foreach (int size in sizes)
            {
                (int operations, int workers) = plan(size);
                for (int i = 0; i < contestants.Length * Math.Clamp(OperationsForWorkers / operations, 1, 10); i++)
                {
                    Contestant contestant = contestants[i % contestants.Length];
                    long start = Stopwatch.GetTimestamp();
                    await contestant.RunCheckedAsync(operations, workers);
                    double cost = Stopwatch.GetElapsedTime(start).TotalMicroseconds / operations;
                    if (!samples.TryAdd((size, contestant), [cost]))
                    {
                        samples[(size, contestant)].Add(cost);
                    }
                }
            }
        }

        foreach (((int size, Contestant contestant), List<double> costs) in samples)
        {
            Say(contestant.Name, size, costs.Order().ElementAt(costs.Count / 2));
        }
    }

    private static void Say(string series, int size, double microseconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{series};{size};{microseconds:0.000}"));
}

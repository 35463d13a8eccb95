using System.Diagnostics;
using System.Globalization;

namespace PortMgmt.Benchmarks.Operations;

/// <summary>
/// The scheduler and its peers in turns, round after round in one process: other work on the machine then falls on all of them, and the
/// ratios of a round mean something where absolute times do not.
/// </summary>
internal static class CompareMode
{
    private const int Rounds = 9;

    /// <summary>Runs the mode.</summary>
    /// <param name="args">The number of operations a round, 200,000 unless given; how many at once, 10 unless given; parts of names, all unless given.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        int operations = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
        int workers = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
        IReadOnlyList<Contestant> all = [.. Contestant.All.Where(one => args.Length < 3 || args[2..].Any(one.Name.Contains))];
        List<CompareSample>[] samples = [.. all.Select(_ => new List<CompareSample>())];
        foreach (Contestant contestant in all)
        {
            await contestant.RunCheckedAsync(operations, workers);
        }

        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < all.Count; i++)
            {
                samples[i].Add(await MeasureAsync(all[i], operations, workers));
            }
        }

        Console.WriteLine($"{operations} operations, {workers} at once, medians of {Rounds} rounds; x is beside the first row");
        Console.WriteLine("| | x time | x processor time | ns an operation | processor ns | bytes |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        for (int i = 0; i < all.Count; i++)
        {
            Console.WriteLine(Row(all[i].Name, samples[i], samples[0]));
        }

        return 0;
    }

    private static async Task<CompareSample> MeasureAsync(Contestant contestant, int operations, int workers)
    {
        GC.Collect();
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await contestant.RunCheckedAsync(operations, workers);
        double wall = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        processor = Environment.CpuUsage.TotalTime - processor;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new CompareSample(wall / operations, processor.TotalNanoseconds / operations, (double)bytes / operations);
    }

    private static string Row(string name, List<CompareSample> samples, List<CompareSample> baseline)
    {
        double time = Median(samples.Zip(baseline, (one, other) => one.Wall / other.Wall));
        double processor = Median(samples.Zip(baseline, (one, other) => one.Processor / other.Processor));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {time:0.00} | {processor:0.00} | {Median(samples.Select(s => s.Wall)):0} | {Median(samples.Select(s => s.Processor)):0} | {Median(samples.Select(s => s.Bytes)):0} |");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}

using System.Globalization;
using PortMgmt.Cluster;

namespace PortMgmt.Benchmarks.Cluster;

/// <summary>Operations a second of one type with more and more partitions, beside one queue, in turns, on the nodes of the environment's broker.</summary>
internal static class PartitionMode
{
    private const int Rounds = 3;
    private const int Room = 200;
    private const int ResultsPerMessage = 100;

    /// <summary>Measures.</summary>
    /// <param name="args">How many operations a round; 5,000 if left out. How many workers; 3 if left out.</param>
    public static int Run(string[] args)
    {
        int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5000;
        int workers = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        MeasureAsync(BrokerAddress.ParseAll(null), workers, count).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task MeasureAsync(IReadOnlyList<BrokerAddress> brokers, int workers, int count)
    {
        int[] all = [1, 2, 3, 6, 12];
        Dictionary<int, List<double>> rates = all.ToDictionary(partitions => partitions, _ => new List<double>());
        await EndToEnd.RunAsync(brokers, workers, Room, ResultsPerMessage, count / 4, partitions: 1);
        for (int round = 0; round < Rounds; round++)
        {
            foreach (int partitions in all)
            {
                rates[partitions].Add(await EndToEnd.RunAsync(brokers, workers, Room, ResultsPerMessage, count, partitions));
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{brokers.Count} brokers, {workers} workers, {count} operations a round"));
        Console.WriteLine($"{"partitions",10} {"ops/s",8} {"beside one",11}");
        foreach (int partitions in all)
        {
            double ratio = Median([.. rates[partitions].Zip(rates[1], (own, one) => own / one)]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{partitions,10} {Median(rates[partitions]),8:0} {ratio,11:0.00}"));
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

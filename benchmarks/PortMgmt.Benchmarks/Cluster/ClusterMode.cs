using System.Globalization;
using PortMgmt.Cluster;

namespace PortMgmt.Benchmarks.Cluster;

/// <summary>Operations a second through a broker, end to end, beside the bare client on the same broker, in turns.</summary>
internal static class ClusterMode
{
    private const int Rounds = 3;
    private const int Room = 200;

    /// <summary>Measures; the broker is that of the environment.</summary>
    /// <param name="args">How many operations a round; 10,000 if left out.</param>
    public static int Run(string[] args)
    {
        int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        var broker = BrokerAddress.Parse(null);
        MeasureAsync(broker, count).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task MeasureAsync(BrokerAddress broker, int count)
    {
        // Compiled code and a warm broker, for both.
        await EndToEnd.RunAsync(broker, 2, Room, 100, count / 4);
        await BareClient.RunAsync(broker, 2, Room, count / 4);
        Console.WriteLine($"{"workers",7} {"batch",6} {"floor/s",9} {"ours/s",9} {"ours/floor",11}");
        foreach (int workers in new[] { 1, 2, 4 })
        {
            foreach (int batchSize in new[] { 1, 10, 100 })
            {
                var floor = new List<double>();
                var ours = new List<double>();
                for (int round = 0; round < Rounds; round++)
                {
                    floor.Add(await BareClient.RunAsync(broker, workers, Room, count));
                    ours.Add(await EndToEnd.RunAsync(broker, workers, Room, batchSize, count));
                }

                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{workers,7} {batchSize,6} {Median(floor),9:0} {Median(ours),9:0} {Median([.. ours.Zip(floor, (o, f) => o / f)]),11:0.00}"));
            }
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

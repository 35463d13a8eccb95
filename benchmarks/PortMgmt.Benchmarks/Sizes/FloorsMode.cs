using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Benchmarks.Leases;
using PortMgmt.Benchmarks.Operations;
using PortMgmt.Platform;

namespace PortMgmt.Benchmarks.Sizes;

/// <summary>What no registry and no scheduler can go below on this machine, each by itself.</summary>
internal static class FloorsMode
{
    private const int Calls = 20_000;
    private const int Items = 1_000_000;

    public static async Task<int> RunAsync()
    {
        using var scratch = new ScratchRegistry();
        scratch.Registry.Initialize();
        HostPlatform platform = HostPlatform.Current;
        Say("bind, listen, close", Measure(i => platform.Probe(20_000 + (i % 5000), udp: false)));
        Say("open, flock, close", Measure(_ =>
        {
            using SafeFileHandle file = platform.OpenFile(scratch.LockFile)!;
            platform.TryLock(file);
        }));
        List<double> rounds = [];
        for (int round = 0; round < 9; round++)
        {
            long start = Stopwatch.GetTimestamp();
            await Peers.ChannelAlone(Items, 1);
            rounds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / Items);
        }

        Say("an item through a bounded channel", rounds.Order().ElementAt(rounds.Count / 2));
        return 0;
    }

    /// <summary>The median of single calls.</summary>
    private static double Measure(Action<int> call)
    {
        var sample = new LatencySample(Calls);
        for (int i = -LatencyRow.WarmUpCalls; i < Calls; i++)
        {
            long start = Stopwatch.GetTimestamp();
            call(Math.Abs(i));
            if (i >= 0)
            {
                sample.AddSince(start);
            }
        }

        return sample.Percentile(0.5);
    }

    private static void Say(string floor, double microseconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{microseconds,8:0.000} us  {floor}"));
}

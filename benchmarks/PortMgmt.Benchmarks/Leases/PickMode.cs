using System.Diagnostics;
using System.Globalization;
using PortMgmt.Leases;

namespace PortMgmt.Benchmarks.Leases;

/// <summary>Picks so many ports one after the other, as the peers do, keeps them all, and writes the mean in microseconds.</summary>
internal static class PickMode
{
    public static int Run(string[] args)
    {
        int picks = int.Parse(args[0], CultureInfo.InvariantCulture);
        using var scratch = new ScratchRegistry();
        PortRegistry registry = ScratchRegistry.Open(scratch.Directory);
        var request = new PortLeaseRequest();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < picks; i++)
        {
            registry.Acquire(request);
        }

        Console.WriteLine((Stopwatch.GetElapsedTime(start).TotalMicroseconds / picks).ToString("0.0", CultureInfo.InvariantCulture));
        return 0;
    }
}

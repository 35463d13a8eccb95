using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases;
using PortMgmt.Platform;

namespace PortMgmt.Benchmarks.Leases;

/// <summary>One of the contending processes.</summary>
internal static class Contender
{
    public const string Ready = "ready";

    // Enough for the runtime to have compiled the path once; a service that leases has a life before it, too.
    private const int WarmUpCalls = 40;

    /// <summary>Leases so many ports when it is told to, and writes: begin, end, processor time in microseconds, then port and ticks of each.</summary>
    public static int Run(string[] args)
    {
        int leases = int.Parse(args[1], CultureInfo.InvariantCulture);
        WarmUp();
        PortRegistry registry = ScratchRegistry.Open(args[0]);
        var request = new PortLeaseRequest();
        int[] ports = new int[leases];
        long[] ticks = new long[leases];
        Console.WriteLine(Ready);
        Console.ReadLine();

        TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < leases; i++)
        {
            long start = Stopwatch.GetTimestamp();
            ports[i] = registry.Acquire(request).Port;
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }

        long end = Stopwatch.GetTimestamp();
        TimeSpan cpu = Environment.CpuUsage.TotalTime - cpuBefore;

        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{begin} {end} {(long)cpu.TotalMicroseconds}");
        for (int i = 0; i < leases; i++)
            line.Append(CultureInfo.InvariantCulture, $" {ports[i]} {ticks[i]}");
        Console.WriteLine(line);

        // Its leases are to live until all have theirs: whoever started it ends it.
        Console.ReadLine();
        return 0;
    }

    private static void WarmUp()
    {
        using var scratch = new ScratchRegistry();
        for (int i = 0; i < WarmUpCalls; i++)
            scratch.Registry.Acquire(new PortLeaseRequest()).Dispose();

        // The wait for a held lock, too.
        HostPlatform platform = HostPlatform.Current;
        using SafeFileHandle held = platform.OpenFile(Path.Combine(scratch.Directory, "leases.lock"))!;
        platform.Lock(held, TimeSpan.FromSeconds(2), CancellationToken.None);
        var waits = Task.Run(() => scratch.Registry.Acquire(new PortLeaseRequest()));
        Thread.Sleep(20);
        held.Dispose();
        waits.Wait();
    }
}

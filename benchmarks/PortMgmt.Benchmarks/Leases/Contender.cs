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
    public const string Done = "done";

    // Enough for the runtime to have compiled the path once; a service that leases has a life before it, too.
    private const int WarmUpCalls = 40;

    /// <summary>Leases so many ports from the moment that it is told, and writes: begin, end, processor time in microseconds, then port and ticks of each.</summary>
    public static int Run(string[] args)
    {
        int leases = int.Parse(args[1], CultureInfo.InvariantCulture);
        WarmUp(args[2]);
        PortRegistry registry = ScratchRegistry.Open(args[0]);
        var request = new PortLeaseRequest();
        registry.Acquire(request).Dispose();
        int[] ports = new int[leases];
        long[] ticks = new long[leases];
        Console.WriteLine(Ready);

        // To be told costs more than to lease: all are told before the first begins.
        long start = long.Parse(Console.ReadLine()!, CultureInfo.InvariantCulture);
        TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
        Thread.Sleep(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), start));

        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < leases; i++)
        {
            long asked = Stopwatch.GetTimestamp();
            ports[i] = registry.Acquire(request).Port;
            ticks[i] = Stopwatch.GetTimestamp() - asked;
        }

        long end = Stopwatch.GetTimestamp();
        TimeSpan cpu = Environment.CpuUsage.TotalTime - cpuBefore;

        // Writing it up costs more than all the leases: not while others still take theirs.
        Console.WriteLine(Done);
        Console.ReadLine();

        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{begin} {end} {(long)cpu.TotalMicroseconds}");
        for (int i = 0; i < leases; i++)
        {
            line.Append(CultureInfo.InvariantCulture, $" {ports[i]} {ticks[i]}");
        }

        Console.WriteLine(line);

        // Its leases are to live until all have theirs: whoever started it ends it.
        Console.ReadLine();
        return 0;
    }

    private static void WarmUp(string rehearsal)
    {
        // Among the leases of the others, which have paths of their own: a look at their owners, the queue for the lock.
        PortRegistry registry = ScratchRegistry.Open(rehearsal);
        for (int i = 0; i < WarmUpCalls; i++)
        {
            registry.Acquire(new PortLeaseRequest());
        }

        // The wait for a lock whose holder came before the queue, too.
        using var scratch = new ScratchRegistry();
        scratch.Registry.Acquire(new PortLeaseRequest()).Dispose();
        HostPlatform platform = HostPlatform.Current;
        using SafeFileHandle held = platform.OpenFile(Path.Combine(scratch.Directory, "leases.lock"))!;
        platform.Lock(held, LockWait.For(TimeSpan.FromSeconds(2)), CancellationToken.None);
        Task<PortLease> waits = Task.Run(() => scratch.Registry.Acquire(new PortLeaseRequest()));
        Thread.Sleep(20);
        held.Dispose();
        waits.Wait();
    }
}

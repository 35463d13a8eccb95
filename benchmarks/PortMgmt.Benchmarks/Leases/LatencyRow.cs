using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases;
using PortMgmt.Platform;

namespace PortMgmt.Benchmarks.Leases;

/// <summary>
/// One row of the latency table. The floor is what no allocation can do without: a bind with listen and close, and an
/// open with flock and close.
/// </summary>
internal static class LatencyRow
{
    public const string Heading = """
        | case | leases | acquire p50 us | p90 | p99 | max | times floor | release p50 us | p99 | bytes | collections | floor p50 us |
        | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
        """;

    public const int WarmUpCalls = 2000;
    private const int Names = 512;

    // What is kept must find room beside 50,000 others.
    private const int MostKept = 10_000;

    public static string Measure(OtherOwners owners, LatencyCase kind, int live, int calls)
    {
        using var scratch = new ScratchRegistry();
        owners.Lease(scratch.Registry, live);
        MeasureCalls(scratch.Registry, kind == LatencyCase.Kept ? LatencyCase.Churned : kind, WarmUpCalls);
        MeasureFloor(scratch, WarmUpCalls);

        int counted = kind == LatencyCase.Kept ? Math.Min(calls, MostKept) : calls;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        int collections = GC.CollectionCount(0);
        (LatencySample acquire, LatencySample release) = MeasureCalls(scratch.Registry, kind, counted);
        collections = GC.CollectionCount(0) - collections;
        bytes = (GC.GetAllocatedBytesForCurrentThread() - bytes) / counted;

        double floor = MeasureFloor(scratch, calls).Percentile(0.5);
        string released = release.Count == 0
            ? "- | -"
            : string.Create(CultureInfo.InvariantCulture, $"{release.Percentile(0.5):0.0} | {release.Percentile(0.99):0.0}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {kind} | {live} | {acquire.Percentile(0.5):0.0} | {acquire.Percentile(0.9):0.0} | {acquire.Percentile(0.99):0.0} | {acquire.Percentile(1):0} | {acquire.Percentile(0.5) / floor:0.0} | {released} | {bytes} | {collections} | {floor:0.0} |");
    }

    public static (LatencySample Acquire, LatencySample Release) MeasureCalls(PortRegistry registry, LatencyCase kind, int calls)
    {
        PortLeaseRequest[] requests = Requests(kind);
        var acquire = new LatencySample(calls);
        var release = new LatencySample(calls);
        for (int i = 0; i < calls; i++)
        {
            long start = Stopwatch.GetTimestamp();
            PortLease lease = registry.Acquire(requests[i % requests.Length]);
            acquire.AddSince(start);
            if (kind == LatencyCase.Kept)
            {
                continue;
            }

            start = Stopwatch.GetTimestamp();
            registry.Remove(lease);
            release.AddSince(start);
        }

        return (acquire, release);
    }

    // Names start their search all over the range; without one the start is random.
    private static PortLeaseRequest[] Requests(LatencyCase kind)
    {
        var requests = new PortLeaseRequest[kind == LatencyCase.Named ? Names : 1];
        for (int i = 0; i < requests.Length; i++)
        {
            requests[i] = new PortLeaseRequest
            {
                Name = kind == LatencyCase.Named ? string.Create(CultureInfo.InvariantCulture, $"service-{i}") : null,
                Range = ScratchRegistry.WideRange,
            };
        }

        return requests;
    }

    public static LatencySample MeasureFloor(ScratchRegistry scratch, int calls)
    {
        HostPlatform platform = HostPlatform.Current;
        var floor = new LatencySample(calls);
        for (int i = 0; i < calls; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using (SafeFileHandle file = platform.OpenFile(scratch.LockFile)!)
            {
                platform.Lock(file, LockWait.For(TimeSpan.FromSeconds(2)), CancellationToken.None);
                platform.Probe(20_000 + (i % 5000), udp: false);
            }

            floor.AddSince(start);
        }

        return floor;
    }
}

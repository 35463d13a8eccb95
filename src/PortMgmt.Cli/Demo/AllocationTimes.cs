using System.Diagnostics;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Demo;

/// <summary>How long allocations take, one by one in this process, while the registry fills.</summary>
/// <param name="Count">How many were measured.</param>
/// <param name="Median">The 50th percentile.</param>
/// <param name="Percentile99">The 99th percentile.</param>
/// <param name="DistinctPorts">How many different ports came out of them.</param>
internal sealed record AllocationTimes(int Count, TimeSpan Median, TimeSpan Percentile99, int DistinctPorts)
{
    private const int WarmUp = 200;

    /// <summary>Takes leases, measures each, and gives all of them back.</summary>
    /// <param name="registry">A registry that nobody else uses.</param>
    /// <param name="count">How many to measure.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    public static AllocationTimes Measure(PortRegistry registry, int count, CancellationToken cancellationToken)
    {
        var leases = new List<PortLease>(WarmUp + count);
        var times = new TimeSpan[count];
        try
        {
            for (int i = -WarmUp; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long start = Stopwatch.GetTimestamp();
                leases.Add(registry.Acquire(new PortLeaseRequest(), cancellationToken));
                times[Math.Max(i, 0)] = Stopwatch.GetElapsedTime(start);
            }
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }

        Array.Sort(times);
        return new AllocationTimes(count, At(times, 50), At(times, 99), leases.Select(lease => lease.Port).Distinct().Count() - WarmUp);
    }

    // Nearest rank: the smallest value that at least that share of all values does not exceed.
    private static TimeSpan At(TimeSpan[] sorted, int percent) => sorted[((sorted.Length * percent) + 99) / 100 - 1];
}

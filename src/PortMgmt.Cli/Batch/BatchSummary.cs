using System.Globalization;
using PortMgmt.Metrics;

namespace PortMgmt.Cli.Batch;

/// <summary>A batch in one line, for people.</summary>
internal static class BatchSummary
{
    /// <summary>The line: how many, how fast, what failed, how long they took.</summary>
    public static string From(OperationMetrics metrics)
    {
        LatencySummary service = metrics.Latency.Service;
        long failed = metrics.Failed + metrics.TimedOut;
        string cancelled = metrics.Cancelled > 0 ? string.Create(CultureInfo.InvariantCulture, $", {metrics.Cancelled:N0} cancelled") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{metrics.TotalOperations:N0} operations in {metrics.ActiveTime.TotalSeconds:0.0} s ({metrics.Throughput:N0}/s): {metrics.Succeeded:N0} succeeded, {failed:N0} failed{cancelled}; p50 {Time(service.P50)}, p99 {Time(service.P99)}");
    }

    private static string Time(TimeSpan time) => time.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");
}

using System.Text.Json;
using PortMgmt.Metrics;

namespace PortMgmt.Cli.Output;

/// <summary>Metrics as JSON members. Names and meanings are part of the contract; latencies are in milliseconds.</summary>
internal static class MetricsJson
{
    /// <summary>The figures of a scheduler.</summary>
    public static void Write(Utf8JsonWriter writer, OperationMetrics metrics)
    {
        writer.WriteNumber("totalOperations", metrics.TotalOperations);
        writer.WriteNumber("succeeded", metrics.Succeeded);
        writer.WriteNumber("failed", metrics.Failed);
        writer.WriteNumber("timedOut", metrics.TimedOut);
        writer.WriteNumber("cancelled", metrics.Cancelled);
        writer.WriteNumber("rejected", metrics.Rejected);
        writer.WriteNumber("retries", metrics.Retries);
        writer.WriteNumber("successRate", Math.Round(metrics.SuccessRate, 3));
        writer.WriteStartObject("latency");
        writer.WriteString("unit", "ms");
        Write(writer, "queue", metrics.Latency.Queue);
        Write(writer, "service", metrics.Latency.Service);
        Write(writer, "total", metrics.Latency.Total);
        writer.WriteEndObject();
        writer.WriteStartObject("triggerEvaluation");
        writer.WriteString("unit", "ms");
        WriteFigures(writer, metrics.TriggerEvaluation);
        writer.WriteEndObject();
        writer.WriteNumber("throughput", Math.Round(metrics.Throughput, 3));
        WriteTime(writer, "activeTimeMs", metrics.ActiveTime);
        writer.WriteNumber("cacheHitRate", Math.Round(metrics.CacheHitRate, 4));
        writer.WriteNumber("peakConcurrency", metrics.PeakConcurrency);
        writer.WriteNumber("meanConcurrency", Math.Round(metrics.MeanConcurrency, 3));
        writer.WriteNumber("handOffs", metrics.HandOffs);
        writer.WriteNumber("largestMetadata", metrics.LargestMetadata);
        writer.WriteNumber("gcPauseShare", Math.Round(metrics.GcPauseShare, 6));
        writer.WriteNumber("workingSet", metrics.WorkingSet);
        writer.WriteString("timestamp", metrics.Timestamp.UtcDateTime);
    }

    private static void Write(Utf8JsonWriter writer, string name, LatencySummary latency)
    {
        writer.WriteStartObject(name);
        WriteFigures(writer, latency);
        writer.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter writer, LatencySummary latency)
    {
        writer.WriteNumber("count", latency.Count);
        WriteTime(writer, "p50", latency.P50);
        WriteTime(writer, "p95", latency.P95);
        WriteTime(writer, "p99", latency.P99);
        WriteTime(writer, "max", latency.Max);
        WriteTime(writer, "mean", latency.Mean);
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, TimeSpan time) =>
        writer.WriteNumber(name, Math.Round(time.TotalMilliseconds, 3));
}

using System.Diagnostics.Metrics;

namespace PortMgmt.Metrics.Recording;

/// <summary>
/// The figures of a scheduler as instruments of the meter <c>PortMgmt</c>, tagged with the scheduler's name. Totals are read when somebody
/// asks; durations are recorded only while somebody listens.
/// </summary>
/// <remarks>Names and units follow the OpenTelemetry semantic conventions for metrics.</remarks>
internal sealed class OperationMeter : IDisposable
{
    public const string Name = "PortMgmt";

    private readonly Meter _meter;
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _duration;

    public OperationMeter(string scheduler, Func<OperationMetrics> figures)
    {
        _meter = new Meter(new MeterOptions(Name) { Tags = new KeyValuePair<string, object?>[] { new("portmgmt.scheduler", scheduler) } });
        _wait = _meter.CreateHistogram<double>("portmgmt.operation.queue.duration", "s", "From acceptance to the start.");
        _duration = _meter.CreateHistogram<double>("portmgmt.operation.duration", "s", "How long attempts took.");
        _meter.CreateObservableCounter("portmgmt.operations", () => ByStatus(figures()), "{operation}", "Operations ended, by status.");
        _meter.CreateObservableCounter("portmgmt.operation.retries", () => figures().Retries, "{attempt}", "Attempts beyond the first.");
        _meter.CreateObservableGauge("portmgmt.cache.hit_ratio", () => figures().CacheHitRate, "1", "Answers from the cache.");
        _meter.CreateObservableGauge("portmgmt.operations.peak", () => figures().PeakConcurrency, "{operation}", "The most that ran at once.");
    }

    /// <summary>Somebody listens to durations.</summary>
    public bool IsHeard => _wait.Enabled || _duration.Enabled;

    public void Record(TimeSpan wait, TimeSpan duration, string? type)
    {
        KeyValuePair<string, object?> tag = new("portmgmt.operation.type", type);
        _wait.Record(wait.TotalSeconds, tag);
        _duration.Record(duration.TotalSeconds, tag);
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> ByStatus(OperationMetrics metrics)
    {
        yield return Of(metrics.Succeeded, "succeeded");
        yield return Of(metrics.Failed, "failed");
        yield return Of(metrics.TimedOut, "timed_out");
        yield return Of(metrics.Cancelled, "cancelled");
        yield return Of(metrics.Rejected, "rejected");
    }

    private static Measurement<long> Of(long count, string status) => new(count, new KeyValuePair<string, object?>("portmgmt.status", status));
}

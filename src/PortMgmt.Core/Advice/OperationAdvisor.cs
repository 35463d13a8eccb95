using System.Globalization;
using PortMgmt.Metrics;
using PortMgmt.Operations;

namespace PortMgmt.Advice;

/// <summary>Turns the tuning guide's troubleshooting rules and anti-patterns into findings. Looks at figures only; changes nothing.</summary>
internal static class OperationAdvisor
{
    /// <summary>Below this many, a rate says nothing.</summary>
    private const int MinimumRequests = 100;

    /// <summary>From this many a second on, a load is a stream.</summary>
    private const double StreamingThroughput = 10_000;

    private static readonly Func<OperationSnapshot, AdviceLimits, OperationFinding?>[] Rules =
    [
        Stuck, Failures, Saturated, QueueingTail, SlowTail, LowHitRate, IdleCache, DefaultBatchingOfAStream, LargeMetadata, Pauses, Listeners,
    ];

    /// <summary>Applies all rules.</summary>
    /// <param name="figures">The figures.</param>
    /// <param name="limits">From where on they are findings; null for the defaults.</param>
    /// <returns>The findings, the gravest first; empty when all is well.</returns>
    public static IReadOnlyList<OperationFinding> Examine(OperationSnapshot figures, AdviceLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(figures);
        limits ??= new AdviceLimits();
        return [.. Rules.Select(rule => rule(figures, limits)).OfType<OperationFinding>().OrderByDescending(finding => finding.Severity)];
    }

    private static OperationFinding? Stuck(OperationSnapshot figures, AdviceLimits limits) => figures.Health.StuckOperations == 0
        ? null
        : new OperationFinding(
            nameof(Stuck), FindingSeverity.Error,
            Text($"{figures.Health.StuckOperations} executors heeded no cancellation and still run."),
            "Find out what they wait for, and give it a time limit of its own; their workers are not used again.");

    private static OperationFinding? Failures(OperationSnapshot figures, AdviceLimits limits)
    {
        OperationMetrics metrics = figures.Metrics;
        if (metrics.SuccessRate >= limits.SuccessRate)
        {
            return null;
        }

        return new OperationFinding(
            nameof(Failures), FindingSeverity.Warning,
            Text($"{metrics.SuccessRate:0.#} % succeeded: {metrics.Failed} failed and {metrics.TimedOut} timed out, after {metrics.Retries} retries."),
            metrics.TimedOut > metrics.Failed
                ? "Allow more time for an operation, or lower the concurrency if what it calls is overloaded."
                : "Look at the errors of the results; where they pass by themselves, allow retries.")
        {
            Parameter = metrics.TimedOut > metrics.Failed ? nameof(OperationBatchOptions<,>.Timeout) : nameof(OperationBatchOptions<,>.Retry),
        };
    }

    private static OperationFinding? Saturated(OperationSnapshot figures, AdviceLimits limits)
    {
        if (figures.Saturation <= limits.Saturation)
        {
            return null;
        }

        return new OperationFinding(
            nameof(Saturated), FindingSeverity.Warning,
            Text($"{figures.Saturation:0 %} of {figures.ConcurrencyLimit} places are in use and {figures.Health.QueuedOperations} operations wait."),
            "Raise the limit if operations mostly wait for something; if they compute, the processors are the limit.")
        {
            Parameter = nameof(OperationSettings.MaxConcurrent),
            SuggestedValue = Math.Min(10_000, (figures.ConcurrencyLimit * 3 / 2) + 1),
        };
    }

    private static OperationFinding? QueueingTail(OperationSnapshot figures, AdviceLimits limits)
    {
        OperationLatency latency = figures.Metrics.Latency;
        bool isTail = latency.Total.P50 < TimeSpan.FromMilliseconds(10) && latency.Total.P99 > TimeSpan.FromMilliseconds(100);
        if (!isTail || latency.Queue.P99 * 2 < latency.Total.P99)
        {
            return null;
        }

        OperationSettings quick = figures.Settings.With(BatchProfile.UltraLowLatency);
        return new OperationFinding(
            nameof(QueueingTail), FindingSeverity.Warning,
            Text($"Half of the operations take {Ms(latency.Total.P50)} ms, but one in a hundred {Ms(latency.Total.P99)} ms, of which it waits {Ms(latency.Queue.P99)} ms."),
            "Use smaller hand-offs and a shorter flush time, or more concurrency.")
        {
            Parameter = nameof(OperationSettings.BatchSize),
            SuggestedValue = Math.Min(quick.BatchSize, figures.Settings.BatchSize),
        };
    }

    private static OperationFinding? SlowTail(OperationSnapshot figures, AdviceLimits limits)
    {
        OperationLatency latency = figures.Metrics.Latency;
        if (limits.P99 is not TimeSpan limit || latency.Total.P99 <= limit)
        {
            return null;
        }

        bool isService = latency.Service.P99 > limit;
        return new OperationFinding(
            nameof(SlowTail), FindingSeverity.Warning,
            Text($"p99 is {Ms(latency.Total.P99)} ms (queue {Ms(latency.Queue.P99)} ms, service {Ms(latency.Service.P99)} ms), the limit {Ms(limit)} ms."),
            isService ? "The operations themselves take too long: no setting helps." : "Operations wait too long: allow more at once.")
        {
            Parameter = isService ? null : nameof(OperationSettings.MaxConcurrent),
        };
    }

    private static OperationFinding? LowHitRate(OperationSnapshot figures, AdviceLimits limits)
    {
        CacheStatistics cache = figures.Health.Cache;
        if (figures.CacheRequests < MinimumRequests || cache.HitRate >= limits.HitRate || IdleCache(figures, limits) is not null)
        {
            return null;
        }

        bool isFull = cache.Evictions > figures.CacheRequests / 10;
        return new OperationFinding(
            nameof(LowHitRate), FindingSeverity.Information,
            Text($"{cache.HitRate:0 %} of {figures.CacheRequests} requests were answered from the cache; {cache.Evictions} results were evicted."),
            isFull ? "Results are evicted before they are asked for again: enlarge the cache." : "Ids seldom come again: a smaller cache does as well.")
        {
            Parameter = nameof(OperationSettings.CacheSize),
            SuggestedValue = isFull ? Math.Min(OperationSettings.Large, figures.Settings.CacheSize * 2) : figures.Settings.With(CacheProfile.WriteHeavy).CacheSize,
        };
    }

    private static OperationFinding? IdleCache(OperationSnapshot figures, AdviceLimits limits)
    {
        CacheStatistics cache = figures.Health.Cache;
        bool isLarge = figures.Settings.CacheSize > 10 * figures.ConcurrencyLimit;
        if (figures.CacheRequests < MinimumRequests || !isLarge || cache.HitRate >= 0.01)
        {
            return null;
        }

        return new OperationFinding(
            nameof(IdleCache), FindingSeverity.Information,
            Text($"{cache.Size} results are kept, and {cache.Hits + cache.Coalesced} of {figures.CacheRequests} requests found one."),
            "The cache holds memory and gains nothing: switch it off, or check that ids name what is done and not the moment.")
        {
            Parameter = nameof(OperationSettings.CacheSize),
            SuggestedValue = 0,
        };
    }

    private static OperationFinding? DefaultBatchingOfAStream(OperationSnapshot figures, AdviceLimits limits)
    {
        OperationSettings standard = new();
        bool isDefault = figures.Settings.BatchSize == standard.BatchSize && figures.Settings.BatchFlush == standard.BatchFlush;
        if (!isDefault || figures.Metrics.Throughput < StreamingThroughput || figures.MeanHandOff < standard.BatchSize / 2)
        {
            return null;
        }

        return new OperationFinding(
            nameof(DefaultBatchingOfAStream), FindingSeverity.Information,
            Text($"{figures.Metrics.Throughput:0} operations a second go out {figures.MeanHandOff:0} at a time."),
            "Larger hand-offs save wake-ups under such a load: use the profile Streaming.")
        {
            Parameter = nameof(OperationSettings.BatchSize),
            SuggestedValue = standard.With(BatchProfile.Streaming).BatchSize,
        };
    }

    private static OperationFinding? LargeMetadata(OperationSnapshot figures, AdviceLimits limits) =>
        figures.Metrics.LargestMetadata <= OperationMetadata.MaxBytes / 2
            ? null
            : new OperationFinding(
                nameof(LargeMetadata), FindingSeverity.Information,
                Text($"An operation carried {figures.Metrics.LargestMetadata} of {OperationMetadata.MaxBytes} bytes of metadata."),
                "Keep large values elsewhere and carry a reference to them.");

    private static OperationFinding? Pauses(OperationSnapshot figures, AdviceLimits limits) => figures.Metrics.GcPauseShare <= 0.1
        ? null
        : new OperationFinding(
            nameof(Pauses), FindingSeverity.Warning,
            Text($"The process was paused for garbage collection for {figures.Metrics.GcPauseShare:0 %} of the time."),
            "Keep less alive: read results as they come, use a smaller cache, or let operations return less. Where they allocate much and keep "
            + "little, start the process with DOTNET_GCgen0size=4000000 (64 MB): it then collects less often.")
        {
            Parameter = nameof(OperationSettings.CacheSize),
        };

    private static OperationFinding? Listeners(OperationSnapshot figures, AdviceLimits limits) => figures.Health.ListenerFailures == 0
        ? null
        : new OperationFinding(
            nameof(Listeners), FindingSeverity.Warning,
            Text($"Event listeners threw {figures.Health.ListenerFailures} times."),
            "Fix the listener: what it missed is not told again.");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString("0.##", CultureInfo.InvariantCulture);
}

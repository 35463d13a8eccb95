using System.Globalization;
using PortMgmt.Metrics;
using PortMgmt.Operations;
using PortMgmt.Operations.Errors;

namespace PortMgmt.Advice;

/// <summary>
/// Derives settings for a target from measured figures. How many operations have to run at once for a throughput follows from their mean
/// service time by Little's law (J. D. C. Little, Operations Research 9, 1961); it holds for operations that wait, not for those that
/// share the processors.
/// </summary>
internal static class OperationTuner
{
    /// <summary>Kept free beyond what the mean needs, so that a burst does not queue.</summary>
    private const double Headroom = 1.25;

    private const int LargestLimit = 10_000;

    /// <summary>Derives settings.</summary>
    /// <param name="figures">What was measured, with at least one operation that ran.</param>
    /// <param name="target">What should be achieved.</param>
    /// <returns>The settings, with reasons.</returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.InvalidOption"/>: the target is empty or out of range, or nothing was measured.
    /// </exception>
    public static OperationTuning Tune(OperationSnapshot figures, OperationTarget target)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(target);
        target.Validate();
        if (figures.Metrics.Latency.Service.Count == 0)
        {
            throw OptionCheck.Invalid("Metrics", "Nothing has been measured: run a sample of operations first.");
        }

        List<string> reasons = [];
        OperationSettings settings = figures.Settings;
        bool isReachable = true;
        if (target.Throughput is double throughput)
        {
            (settings, isReachable) = ForThroughput(figures, settings, throughput, reasons);
        }

        if (target.P99 is TimeSpan p99)
        {
            (settings, bool isP99Reachable) = ForP99(figures, settings, p99, reasons);
            isReachable &= isP99Reachable;
        }

        if (reasons.Count == 0)
        {
            reasons.Add("The settings meet the target as they are.");
        }

        return new OperationTuning(settings, reasons, isReachable);
    }

    private static (OperationSettings Settings, bool IsReachable) ForThroughput(
        OperationSnapshot figures, OperationSettings settings, double throughput, List<string> reasons)
    {
        double service = figures.Metrics.Latency.Service.Mean.TotalSeconds;
        double needed = Math.Ceiling(throughput * service * Headroom);
        int limit = (int)Math.Clamp(needed, 1, LargestLimit);
        if (limit > figures.ConcurrencyLimit)
        {
            settings = settings with { MaxConcurrent = limit };
            reasons.Add(Text($"{throughput:0.#} a second at {service * 1000:0.###} ms each keep {needed:0} busy: a limit of {limit} (was {figures.ConcurrencyLimit})."));
        }

        BatchProfile profile = throughput >= 10_000 ? BatchProfile.Streaming : BatchProfile.Throughput;
        OperationSettings batched = settings.With(profile);
        if (throughput >= 1000 && batched.BatchSize > settings.BatchSize)
        {
            settings = batched;
            reasons.Add(Text($"Hand-offs of {settings.BatchSize} save wake-ups at such a rate (profile {profile})."));
        }

        if (needed > LargestLimit)
        {
            reasons.Add(Text($"The target would need {needed:0} operations at once: make them shorter, or spread them over more nodes."));
        }

        return (settings, needed <= LargestLimit);
    }

    private static (OperationSettings Settings, bool IsReachable) ForP99(
        OperationSnapshot figures, OperationSettings settings, TimeSpan p99, List<string> reasons)
    {
        OperationLatency latency = figures.Metrics.Latency;
        TimeSpan room = p99 - latency.Service.P99;
        if (room <= TimeSpan.Zero)
        {
            reasons.Add(Text($"The operations alone take {latency.Service.P99.TotalMilliseconds:0.##} ms (p99): no setting reaches {p99.TotalMilliseconds:0.##} ms."));
            return (settings, false);
        }

        int limit = Math.Max(settings.MaxConcurrent ?? 0, figures.ConcurrencyLimit);
        if (latency.Queue.P99 > room)
        {
            limit = (int)Math.Min(Math.Ceiling(limit * (latency.Queue.P99 / room)), LargestLimit);
            settings = settings with { MaxConcurrent = limit };
            reasons.Add(Text($"Operations wait {latency.Queue.P99.TotalMilliseconds:0.##} ms (p99) and may wait {room.TotalMilliseconds:0.##} ms: a limit of {limit}."));
        }

        // What waits for a hand-off to fill, and behind others in it, may take a quarter of the room each.
        var flush = TimeSpan.FromMilliseconds(Math.Floor((room / 4).TotalMilliseconds));
        int size = (int)Math.Clamp(room / 4 / Max(latency.Service.Mean, TimeSpan.FromMicroseconds(1)), 1, settings.BatchSize);
        if (flush < settings.BatchFlush || size < settings.BatchSize)
        {
            settings = settings with { BatchFlush = flush < settings.BatchFlush ? flush : settings.BatchFlush, BatchSize = size };
            reasons.Add(Text($"Hand-offs of {size}, flushed after {settings.BatchFlush.TotalMilliseconds:0} ms, keep the wait within {room.TotalMilliseconds:0.##} ms."));
        }

        return (settings, true);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

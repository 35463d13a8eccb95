using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using PortMgmt.Metrics;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Terminal;

/// <summary>The progress of a batch: rate, failures, p99, and the time left once the end of the input is known.</summary>
internal sealed class BatchProgressBar(string activity)
{
    /// <summary>A batch that is done before this never shows a bar.</summary>
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    /// <summary>A number that no operation gives to an activity of its own: those are the same cmdlet's for whoever shows them.</summary>
    private const int Number = 0x506f7274;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly LatencyHistogram _latency = new();
    private TimeSpan _next = FirstDelay;
    private bool _isShown;

    /// <summary>No more operations come, so that the time left can be told.</summary>
    public bool IsInputComplete { get; set; }

    /// <summary>Notes a result.</summary>
    public void Count(OperationResult result) =>
        _latency.Record((long)((result.QueueTime + result.Duration).TotalNanoseconds), result.Count);

    /// <summary>Whether the bar should be drawn now, and how. How far the batch is takes locks to tell, so it is only asked when it is time.</summary>
    public bool IsDue<TInput, TResult>([NotNullWhen(true)] out ProgressRecord? record, OperationBatch<TInput, TResult> batch)
    {
        record = null;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
        if (elapsed < _next)
        {
            return false;
        }

        BatchProgress progress = batch.Progress;
        if (progress.Ended == 0)
        {
            return false;
        }

        _next = elapsed + Interval;
        _isShown = true;
        record = Draw(progress, progress.Ended / elapsed.TotalSeconds);
        return true;
    }

    /// <summary>The record that takes the bar away; null when there is none.</summary>
    public ProgressRecord? End() => _isShown ? new ProgressRecord(Number, activity, "done") { RecordType = ProgressRecordType.Completed } : null;

    private ProgressRecord Draw(BatchProgress progress, double rate)
    {
        var merged = new LatencyDistribution();
        _latency.AddTo(merged);
        long failures = progress.Ended - progress.Succeeded;
        string status = string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Ended:N0} of {progress.Accepted:N0}{(IsInputComplete ? "" : " so far")}, {rate:N0}/s, {failures:N0} failed, p99 {merged.Percentile(99).TotalMilliseconds:N1} ms");
        var record = new ProgressRecord(Number, activity, status);
        if (IsInputComplete)
        {
            record.PercentComplete = (int)(100 * progress.Ended / progress.Accepted);
            record.SecondsRemaining = (int)((progress.Accepted - progress.Ended) / rate);
        }

        return record;
    }
}

using System.Globalization;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Batches;

/// <summary>Counts what a batch's end has to tell: operations that did not succeed, and those that did with errors.</summary>
internal sealed class BatchSummary
{
    private long _count;
    private long _ran;
    private double _durationMs;
    private double _queueMs;
    private long _failed;
    private long _timedOut;
    private long _rejected;
    private long _withErrors;
    private string? _firstFailure;
    private string? _firstError;

    /// <summary>Operations did not succeed. A cancelled one is told of by whoever cancelled it.</summary>
    public bool HasFailures => _failed + _timedOut + _rejected > 0;

    /// <summary>How long the last attempts of those that ran took, in milliseconds, on average.</summary>
    public double MeanDurationMs => _durationMs / Math.Max(1, _ran);

    /// <summary>How long those that ran waited for their first start.</summary>
    public double MeanQueueMs => _queueMs / Math.Max(1, _ran);

    /// <summary>Counts a result.</summary>
    public void Count(OperationResult result)
    {
        _count += result.Count;
        if (result is { Attempts: > 0, FromCache: false })
        {
            _ran++;
            _durationMs += result.Duration.TotalMilliseconds;
            _queueMs += result.QueueTime.TotalMilliseconds;
        }

        switch (result.Status)
        {
            case OperationStatus.Failed:
                _failed += result.Count;
                break;
            case OperationStatus.TimedOut:
                _timedOut += result.Count;
                break;
            case OperationStatus.Rejected:
                _rejected += result.Count;
                break;
            case OperationStatus.Succeeded when result.HadErrors:
                _withErrors += result.Count;
                _firstError ??= Quote(result.ErrorMessage);
                return;
            default:
                return;
        }

        _firstFailure ??= Quote(result.ErrorMessage);
    }

    /// <summary>How the operations failed; null where all succeeded.</summary>
    public string? DescribeFailures()
    {
        if (!HasFailures)
        {
            return null;
        }

        string kinds = string.Join(", ", new (long Count, string Text)[] { (_failed, "failed"), (_timedOut, "timed out"), (_rejected, "were rejected") }
            .Where(kind => kind.Count > 0)
            .Select((kind, index) => index == 0
                ? string.Create(CultureInfo.CurrentCulture, $"{kind.Count:N0} of {_count:N0} operations {kind.Text}")
                : string.Create(CultureInfo.CurrentCulture, $"{kind.Count:N0} {kind.Text}")));
        string left = _timedOut > 0 && !StartedPrograms.AreKnown ? " Programs that they had started may still run: this system does not tell which." : "";
        return $"{kinds}. The first: {_firstFailure}{left}";
    }

    /// <summary>All that there is to tell; null for nothing.</summary>
    public string? Describe()
    {
        string? failures = DescribeFailures();
        string? errors = _withErrors == 0
            ? null
            : string.Create(CultureInfo.CurrentCulture, $"{_withErrors:N0} of {_count:N0} operations succeeded with errors (HadErrors). The first: {_firstError}");
        return failures is null || errors is null ? failures ?? errors : failures + Environment.NewLine + errors;
    }

    private static string? Quote(string? message) => message?.ReplaceLineEndings(" ");
}

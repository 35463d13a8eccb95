using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Execution;

/// <summary>How one operation of a batch ended, or with -AsBatch one hand-off of operations. Does not change.</summary>
public sealed class OperationResult
{
    /// <summary>As in <see cref="ScriptOutcome"/>.</summary>
    private readonly object? _output;

    internal OperationResult(in OperationResult<PSObject?, ScriptOutcome> result, object? input, ErrorRecord[] errors, string node)
    {
        ScriptOutcome? outcome = result.Output;
        Id = result.Id;
        Type = result.Type;
        Status = result.Status;
        ErrorSummary summary = outcome?.Errors ?? ErrorSummary.None;
        ErrorCount = Math.Max(summary.Count, result.Error is null ? 0 : 1);
        ErrorMessage = MessageOf(result, summary);
        ExitCode = outcome?.ExitCode;
        Input = input;
        _output = outcome?.Output;
        Error = errors;
        StreamRecords streams = outcome?.Streams ?? StreamRecords.None;
        Warning = streams.Warnings;
        Verbose = streams.Verbose;
        Debug = streams.Debug;
        Information = streams.Information;
        Attempts = result.Attempts;
        FromCache = result.FromCache;
        QueueTime = result.QueueTime;
        Duration = result.Duration;
        Port = outcome?.Port;
        Node = outcome?.Node ?? node;
        Metadata = result.Metadata;
        Count = result.OperationCount;
    }

    /// <summary>The operation's id; null for none.</summary>
    public string? Id { get; }

    /// <summary>The operation's type; null for none.</summary>
    public string? Type { get; }

    /// <summary>How it ended.</summary>
    public OperationStatus Status { get; }

    /// <summary>What came down the pipeline; with -AsBatch an array of it.</summary>
    public object? Input { get; }

    /// <summary>As PowerShell assigns it: nothing is null, one object is itself, more are an array. What a failed one put out before is kept.</summary>
    public object? Output => _output is PSObject?[] { Length: 1 } ? null : _output;

    /// <summary>What came out, one by one.</summary>
    internal IEnumerable<object?> Outputs => _output switch
    {
        null => [],
        PSObject?[] many => many,
        object one => [one],
    };

    /// <summary>What came through its stream of errors, lines that programs wrote to their standard error among them; what ended it is the last.</summary>
    public IReadOnlyList<ErrorRecord> Error { get; }

    /// <summary>There were errors, whether it failed by them or not. Lines that programs wrote to their standard error are none.</summary>
    public bool HadErrors => ErrorCount > 0;

    /// <summary>How many errors there were.</summary>
    public int ErrorCount { get; }

    /// <summary>What went wrong: why it did not succeed, or the first error of one that did; null for nothing.</summary>
    public string? ErrorMessage { get; }

    /// <summary>The exit code of the last program that it ran, or that its own <c>exit</c> gave; null where there was none.</summary>
    public int? ExitCode { get; }

    /// <summary>Its warnings.</summary>
    public IReadOnlyList<WarningRecord> Warning { get; }

    /// <summary>Its verbose messages.</summary>
    public IReadOnlyList<VerboseRecord> Verbose { get; }

    /// <summary>Its debug messages.</summary>
    public IReadOnlyList<DebugRecord> Debug { get; }

    /// <summary>Its information records, what Write-Host wrote among them.</summary>
    public IReadOnlyList<InformationRecord> Information { get; }

    /// <summary>How often it was started; 0 if it never ran itself.</summary>
    public int Attempts { get; }

    /// <summary>It did not run itself: the result was in the cache, or another operation of the same id was running.</summary>
    public bool FromCache { get; }

    /// <summary>From its acceptance to its first start.</summary>
    public TimeSpan QueueTime { get; }

    /// <summary>How long its last attempt took.</summary>
    public TimeSpan Duration { get; }

    /// <summary><see cref="Duration"/> in milliseconds, for what cannot take a time, such as a CSV file.</summary>
    public double DurationMs => Math.Round(Duration.TotalMilliseconds, 3);

    /// <summary><see cref="QueueTime"/> in milliseconds.</summary>
    public double QueueMs => Math.Round(QueueTime.TotalMilliseconds, 3);

    /// <summary>The port that was leased for it; null without -LeasePort.</summary>
    public int? Port { get; }

    /// <summary>The node that it ran on.</summary>
    public string Node { get; }

    /// <summary>What it was given to carry; null for nothing.</summary>
    public IReadOnlyDictionary<string, object?>? Metadata { get; }

    /// <summary>How many operations the result stands for: 1, or with -AsBatch those of the hand-off.</summary>
    public int Count { get; }

    // The record says what happened; the exception may say no more than that it was to end the script.
    private static string? MessageOf(in OperationResult<PSObject?, ScriptOutcome> result, ErrorSummary errors) => result.Status switch
    {
        OperationStatus.Succeeded => errors.First?.ToString(),
        OperationStatus.Failed when errors.Failure is { } failure => failure.ToString(),
        _ => result.Error?.Message,
    };

    /// <inheritdoc/>
    public override string ToString() => Id is null ? Status.ToString() : Id + ": " + Status;
}

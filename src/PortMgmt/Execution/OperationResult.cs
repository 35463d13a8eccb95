using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.Operations.Results;
using PortMgmt.PowerShell.Cluster;
using PortMgmt.PowerShell.Scripts;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Execution;

/// <summary>How one operation of a batch ended, or with -AsBatch one hand-off of operations. Does not change.</summary>
public sealed class OperationResult
{
    /// <summary>As in <see cref="ScriptOutcome"/>.</summary>
    private readonly object? _output;

    private readonly object? _input;

    /// <summary>Which input of the batch it was, from 1; of a hand-off, its first.</summary>
    private readonly long _number;

    /// <summary>Another node ran it.</summary>
    private readonly bool _isRemote;

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
        _number = result.Operation.Sequence + 1;
        _input = input;
        _output = outcome?.Output;
        _isRemote = outcome?.Node is not null;
        Error = TextList<ErrorRecord>.Sentences(errors);
        StreamRecords streams = outcome?.Streams ?? StreamRecords.None;
        Warning = TextList<WarningRecord>.Sentences(streams.Warnings);
        Verbose = TextList<VerboseRecord>.Sentences(streams.Verbose);
        Debug = TextList<DebugRecord>.Sentences(streams.Debug);
        Information = TextList<InformationRecord>.Sentences(streams.Information);
        Order = streams.Order;
        Attempts = result.Attempts;
        FromCache = result.FromCache;
        QueueTime = result.QueueTime;
        Duration = result.Duration;
        Port = outcome?.Port;
        Node = outcome?.Node ?? node;
        Metadata = result.Metadata is { } metadata ? MetadataTable.From(metadata) : null;
        Count = result.OperationCount;
    }

    /// <summary>The operation's id; null for none.</summary>
    public string? Id { get; }

    /// <summary>The operation's type; null for none.</summary>
    public string? Type { get; }

    /// <summary>How it ended.</summary>
    public OperationStatus Status { get; }

    /// <summary><see cref="Status"/> by name, where an enumeration becomes a number, as in ConvertTo-Json.</summary>
    public string StatusText => Status.ToString();

    /// <summary>What came down the pipeline; with -AsBatch an array of it.</summary>
    public object? Input => CollectionValue.Wrap(_input);

    /// <summary>As PowerShell assigns it: nothing is null, one object is itself, more are an array. What a failed one put out before is kept.</summary>
    public object? Output => _output is PSObject?[] { Length: 1 } ? null : CollectionValue.Wrap(_output);

    /// <summary>What came out, one by one.</summary>
    internal IEnumerable<object?> Outputs => _output switch
    {
        null => [],
        PSObject?[] many => many,
        object one => [one],
    };

    /// <summary>In what order it wrote to its streams; null where nobody asks.</summary>
    internal IReadOnlyList<(StreamKind Stream, int Count)>? Order { get; }

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

    /// <summary>
    /// The result as <c>portmgmt batch</c> writes it: one line of JSON without its end. An operation without an id has the number of its
    /// input there, and one that another node ran has the node, as with <c>portmgmt submit</c>. What has no JSON becomes text.
    /// <c>docs/schemas/operation-result.schema.json</c> has its members.
    /// </summary>
    public string ToJson() => ResultJson.ToText(
        new ResultRecord
        {
            Id = Id,
            Number = _number,
            Status = Status,
            ExitCode = ExitCode,
            OutputJson = JsonValues.WriteAny(Output),
            ErrorMessage = ErrorMessage,
            Duration = Duration,
            QueueTime = QueueTime,
            Attempts = Attempts,
            FromCache = FromCache,
            Node = Node,
        },
        ResultFields.Output | ResultFields.Error | (_isRemote ? ResultFields.Node : ResultFields.None));

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

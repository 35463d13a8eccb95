using PortMgmt.Operations.Results;

namespace PortMgmt.Operations.JobLogs;

/// <summary>One result as a job log has it.</summary>
internal readonly record struct JobLogEntry
{
    /// <summary>What the operation is known by when the batch is resumed: see <see cref="JobLogKeys"/>; null where its input has no such thing.</summary>
    public required string? Key { get; init; }

    /// <summary>The operation's id; null where it has none.</summary>
    public string? Id { get; init; }

    /// <summary>Which input of the batch it was, from 1; it stands in the log in place of an id.</summary>
    public long Number { get; init; }

    /// <summary>How it ended.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>The exit code of a program; null where there was none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Whether there were errors, though it may have succeeded; null where nobody can tell, as of a program.</summary>
    public bool? HadErrors { get; init; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>How long the last attempt took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How long it waited for its first start.</summary>
    public TimeSpan QueueTime { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether another one's result was taken.</summary>
    public bool FromCache { get; init; }

    /// <summary>How an operation, alone or in a hand-off, ended.</summary>
    /// <param name="result">The result.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="key">Its key; null for none.</param>
    /// <param name="number">Which input of the batch it was, from 1.</param>
    internal static JobLogEntry From<TInput, TResult>(in OperationResult<TInput, TResult> result, Operation<TInput> operation, string? key, long number) => new()
    {
        Key = key,
        Id = operation.Id,
        Number = number,
        Status = result.Status,
        Error = result.Error?.Message,
        Duration = result.Duration,
        QueueTime = result.QueueTime,
        Attempts = result.Attempts,
        FromCache = result.FromCache,
    };

    /// <summary>The entry as it is written.</summary>
    internal ResultRecord ToRecord() => new()
    {
        Key = Key,
        Id = Id,
        Number = Number,
        Status = Status,
        ExitCode = ExitCode,
        HadErrors = HadErrors,
        ErrorMessage = Error,
        Duration = Duration,
        QueueTime = QueueTime,
        Attempts = Attempts,
        FromCache = FromCache,
    };
}

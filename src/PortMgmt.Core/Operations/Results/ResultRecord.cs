namespace PortMgmt.Operations.Results;

/// <summary>A result as <see cref="ResultJson"/> writes it.</summary>
internal readonly record struct ResultRecord
{
    /// <summary>The operation's type.</summary>
    public string? Type { get; init; }

    /// <summary>The operation's id; null where it has none.</summary>
    public string? Id { get; init; }

    /// <summary>Which input of the batch it was, from 1; it stands in place of an id.</summary>
    public long Number { get; init; }

    /// <summary>What a job log knows the operation by.</summary>
    public string? Key { get; init; }

    /// <summary>What a job log knows the command by that ran it; null where it keeps none: it is then left out.</summary>
    public string? Command { get; init; }

    /// <summary>How it ended.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>The exit code of a program; null where there was none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Whether there were errors, though it may have succeeded; null where nobody can tell: it is then left out.</summary>
    public bool? HadErrors { get; init; }

    /// <summary>What a program wrote, bytes of any kind; null for nothing, or for <see cref="OutputJson"/>.</summary>
    public byte[]? Output { get; init; }

    /// <summary>What came of it where that is JSON already; empty for nothing.</summary>
    public ReadOnlyMemory<byte> OutputJson { get; init; }

    /// <summary>What a program said of its failure, bytes of any kind; null for nothing, or for <see cref="ErrorMessage"/>.</summary>
    public byte[]? Error { get; init; }

    /// <summary>What went wrong; null for nothing.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>How long the last attempt took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How long it waited for its first start.</summary>
    public TimeSpan QueueTime { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether another one's result was taken.</summary>
    public bool FromCache { get; init; }

    /// <summary>The node that ran it.</summary>
    public string? Node { get; init; }

    /// <summary>What every result has.</summary>
    public static ResultRecord From<TInput, TResult>(in OperationResult<TInput, TResult> result) => new()
    {
        Id = result.Id,
        Status = result.Status,
        Duration = result.Duration,
        QueueTime = result.QueueTime,
        Attempts = result.Attempts,
        FromCache = result.FromCache,
    };
}

namespace PortMgmt.Operations;

/// <summary>
/// How one operation ended, or, where chunks are delivered as one piece, one chunk. A value, so that reading a result allocates nothing.
/// </summary>
/// <typeparam name="TInput">What the executor worked on.</typeparam>
/// <typeparam name="TResult">What the executor makes of it.</typeparam>
public readonly struct OperationResult<TInput, TResult>
{
    internal OperationResult(
        Operation<TInput> operation, OperationStatus status, TResult? output, Exception? error, bool fromCache)
    {
        Operation = operation;
        Status = status;
        Output = output;
        Error = error;
        FromCache = fromCache;
        OperationCount = operation.Group?.Length ?? 1;
    }

    /// <summary>The operation; of a chunk, its first.</summary>
    public Operation<TInput> Operation { get; }

    /// <summary>The operations that this result stands for: one, or those of a chunk in their order.</summary>
    public IReadOnlyList<Operation<TInput>> Operations => Operation.Group ?? [Operation];

    /// <summary>How many operations this result stands for, at least 1.</summary>
    public int OperationCount { get; }

    /// <summary>The operation's id; null for none.</summary>
    public string? Id => Operation.Id;

    /// <summary>The operation's type; null for none.</summary>
    public string? Type => Operation.Type;

    /// <summary>What the executor worked on.</summary>
    public TInput Input => Operation.Input;

    /// <summary>What the caller gave the operation to carry; null for nothing.</summary>
    public IReadOnlyDictionary<string, object?>? Metadata => Operation.Metadata;

    /// <summary>How it ended.</summary>
    public OperationStatus Status { get; }

    /// <summary>What the executor returned; after a failure what it handed over nevertheless, or the default.</summary>
    public TResult? Output { get; }

    /// <summary>Why it did not succeed: the executor's own exception, or an <see cref="OperationException"/>; null on success.</summary>
    public Exception? Error { get; }

    /// <summary>It did not run itself: the result was in the cache, or another operation of the same id was running.</summary>
    public bool FromCache { get; }

    /// <summary>How often it was started; 0 if it never ran.</summary>
    public int Attempts => Operation.Attempts;

    /// <summary>From acceptance to the first start; zero if it never ran.</summary>
    public TimeSpan QueueTime => new(Operation.QueueTicks);

    /// <summary>How long the last attempt took; zero if it never ran.</summary>
    public TimeSpan Duration => new(Operation.ServiceTicks);
}

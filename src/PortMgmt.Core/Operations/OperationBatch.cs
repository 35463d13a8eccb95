namespace PortMgmt.Operations;

/// <summary>
/// One run of operations on a scheduler: put operations in, read results out, in any interleaving. Every operation that was accepted
/// ends as exactly one result (with whole hand-offs, as part of exactly one).
/// </summary>
/// <typeparam name="TInput">What the executor works on.</typeparam>
/// <typeparam name="TResult">What the executor makes of it.</typeparam>
/// <remarks>
/// <para>
/// Any thread may put operations in, complete or stop. Results have one reader at a time: <see cref="TryRead"/>, <see cref="Wait"/>,
/// <see cref="WaitToReadAsync"/> and <see cref="ReadAllAsync"/> are for it alone, and it may be the thread that enqueues, which then
/// never blocks on input alone:
/// </para>
/// <code>
/// while (!batch.TryEnqueue(operation))    // full: make room by reading
/// {
///     while (batch.TryRead(out var result)) Write(result);
///     batch.Wait(Timeout.InfiniteTimeSpan, token);
/// }
/// </code>
/// <para>A batch whose input was completed and whose results were read needs no disposal.</para>
/// </remarks>
public sealed partial class OperationBatch<TInput, TResult> : IAsyncDisposable
{
    /// <summary>The capacity unless options, hand-offs or the limit ask for more.</summary>
    private const int SmallestDefaultCapacity = 1024;

    private readonly Func<IOperationWorker<TInput, TResult>> _workerFactory;
    private readonly Dispatcher<TInput, TResult> _dispatcher;
    private readonly ResultQueue<TInput, TResult> _results;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the reader waits on after it announced itself to the results.</summary>
    private readonly SemaphoreSlim _output = new(0);

    /// <summary>What producers wait on; each looks again when it is woken.</summary>
    private readonly SemaphoreSlim _space = new(0);

    /// <summary>How many callers wait for space.</summary>
    private int _spaceWaiters;

    /// <summary>Operations accepted. Written under the dispatcher's gate.</summary>
    private long _accepted;

    /// <summary>Operations whose results were read. Written by the reader.</summary>
    private long _read;

    private int _capacity;
    private int _isFinished;

    internal OperationBatch(
        OperationScheduler<TInput, TResult> scheduler,
        Func<IOperationWorker<TInput, TResult>> workerFactory,
        OperationBatchOptions<TInput, TResult> options,
        ConcurrencyLimit limit,
        bool onLoan)
    {
        Scheduler = scheduler;
        Options = options;
        Limit = limit;
        Clock = scheduler.Clock;
        _workerFactory = workerFactory;
        _results = new ResultQueue<TInput, TResult>(options.Ordered);
        _dispatcher = new Dispatcher<TInput, TResult>(this, limit, onLoan);
        Cache = scheduler.CacheFor(options);
        Context = NestedBatches.Enter(limit);
        UpdateCapacity();
    }

    /// <summary>The batch's id, unique.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The scheduler that the batch runs on.</summary>
    public OperationScheduler<TInput, TResult> Scheduler { get; }

    /// <summary>How the batch runs.</summary>
    public OperationBatchOptions<TInput, TResult> Options { get; }

    /// <summary>Ends when every operation has ended and every worker that heeds its cancellation has left. It never fails.</summary>
    public Task Completion => _completion.Task;

    /// <summary>All input was accepted, every operation has ended, and every result was read. For the reader.</summary>
    public bool IsDrained => _results.IsComplete && !_results.HasResults;

    /// <summary>How far the batch is. Thread-safe.</summary>
    public BatchProgress Progress => new()
    {
        Accepted = Volatile.Read(ref _accepted),
        Running = _dispatcher.CountRunning(),
        Succeeded = _results.Count(OperationStatus.Succeeded),
        Failed = _results.Count(OperationStatus.Failed),
        TimedOut = _results.Count(OperationStatus.TimedOut),
        Cancelled = _results.Count(OperationStatus.Cancelled),
        Rejected = _results.Count(OperationStatus.Rejected),
        FromCache = _results.FromCache,
    };

    internal OperationClock Clock { get; }

    internal ConcurrencyLimit Limit { get; }

    internal OperationCache<TInput, TResult> Cache { get; }

    /// <summary>The context in which workers start: the caller's, marked with the limit that they run under.</summary>
    internal ExecutionContext Context { get; }

    /// <summary>The producer cannot go on before something ends or is read.</summary>
    private bool IsFull => Volatile.Read(ref _accepted) - Freed >= _capacity;

    /// <summary>No more operations can gather before one of those accepted ends: reading would not help.</summary>
    internal bool IsClogged => Volatile.Read(ref _accepted) - _results.Ended >= _capacity;

    private long Freed => Options.UnboundedOutput ? _results.Ended : Volatile.Read(ref _read);
}

using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Caching;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.History;
using PortMgmt.Operations.Results;

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
    private readonly PaddedCounter _accepted = new();

    /// <summary>Operations whose results were read. Written by the reader.</summary>
    private readonly PaddedCounter _read = new();

    /// <summary>How much room had been made when that was last looked up; there may be more by now.</summary>
    private long _freedSeen;

    /// <summary>How many operations had ended when that was last looked up.</summary>
    private long _endedSeen;

    private int _capacity;
    private int _isFinished;

    internal OperationBatch(
        OperationScheduler<TInput, TResult> scheduler,
        Func<IOperationWorker<TInput, TResult>> workerFactory,
        OperationBatchOptions<TInput, TResult> options,
        ConcurrencyLimit limit,
        StarterLoan? starter)
    {
        Scheduler = scheduler;
        Options = options;
        Limit = limit;
        Clock = scheduler.Clock;
        _workerFactory = workerFactory;
        _results = new ResultQueue<TInput, TResult>(options.Ordered, scheduler.NewRecorder);
        _dispatcher = new Dispatcher<TInput, TResult>(this, limit, starter);
        Cache = scheduler.CacheFor(options);
        Context = ExecutionContext.Capture() ?? throw new InvalidOperationException(
            "The flow of the execution context is suppressed here: start batches outside of ExecutionContext.SuppressFlow.");
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
    public BatchProgress Progress => _results.Progress with
    {
        Running = _dispatcher.CountRunning(),
        Accepted = Volatile.Read(ref _accepted.Value),
    };

    /// <summary>Adds what was noted of the batch's operations to a recorder.</summary>
    internal void AddTo(OperationRecorder recorder) => _results.AddTo(recorder);

    internal OperationClock Clock { get; }

    internal ResultQueue<TInput, TResult> Results => _results;

    internal ConcurrencyLimit Limit { get; }

    internal OperationCache<TInput, TResult> Cache { get; }

    /// <summary>The context in which workers start: the caller's.</summary>
    internal ExecutionContext Context { get; }

    /// <summary>The producer cannot go on before something ends or is read.</summary>
    private bool IsFull => IsOutOfRoom(ref _freedSeen, Options.UnboundedOutput);

    /// <summary>No more operations can gather before one of those accepted ends: reading would not help.</summary>
    internal bool IsClogged => IsOutOfRoom(ref _endedSeen, true);

    /// <summary>
    /// Whether as many operations were accepted and are not gone as there may be. How many are gone is only looked up when what was seen
    /// earlier does not suffice: workers and reader write it for each operation.
    /// </summary>
    private bool IsOutOfRoom(ref long seen, bool onceEnded)
    {
        long accepted = Volatile.Read(ref _accepted.Value);
        if (accepted - Volatile.Read(ref seen) < _capacity)
        {
            return false;
        }

        long gone = onceEnded ? _results.Ended : Volatile.Read(ref _read.Value);
        Volatile.Write(ref seen, gone);
        return accepted - gone >= _capacity;
    }
}

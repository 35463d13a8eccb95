using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Caching;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Errors;
using PortMgmt.Operations.Events;
using PortMgmt.Operations.History;
using PortMgmt.Operations.Queues;
using PortMgmt.Operations.Results;
using PortMgmt.Operations.Scheduling;

namespace PortMgmt.Operations;

/// <summary>
/// One run of operations on a scheduler: put operations in, read results out, in any interleaving. Every operation that was accepted
/// ends as exactly one result (where chunks are delivered as one piece, as part of exactly one).
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
public sealed class OperationBatch<TInput, TResult> : IAsyncDisposable, IDispatchTarget<TInput>
{
    /// <summary>The capacity unless options, chunks or the limit ask for more.</summary>
    private const int SmallestDefaultCapacity = 1024;

    private readonly SchedulerContext _context;
    private readonly Action<OperationBatch<TInput, TResult>> _onFinished;
    private readonly BatchRoom _room;
    private readonly ResultQueue<TInput, TResult> _results;
    private readonly ResultReader<TInput, TResult> _reader;
    private readonly BatchEvents<TInput, TResult> _events;
    private readonly Dispatcher<TInput> _dispatcher;
    private readonly OperationOutcome<TInput, TResult> _outcome;
    private readonly BatchIntake<TInput, TResult> _intake;
    private readonly LaneServices<TInput, TResult> _lanes;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isFinished;

    /// <param name="scheduler">The scheduler, for those that have the batch.</param>
    /// <param name="context">What the scheduler's batches share.</param>
    /// <param name="workerFactory">Makes a worker.</param>
    /// <param name="options">How the batch runs.</param>
    /// <param name="limit">The limit that it runs under.</param>
    /// <param name="starter">The permit of the operation within which it is started, if that is under the same limit.</param>
    /// <param name="cache">The cache.</param>
    /// <param name="onFinished">Told when the last worker has left.</param>
    internal OperationBatch(
        OperationScheduler<TInput, TResult> scheduler,
        SchedulerContext context,
        Func<IOperationWorker<TInput, TResult>> workerFactory,
        OperationBatchOptions<TInput, TResult> options,
        ConcurrencyLimit limit,
        BorrowedPermit? starter,
        OperationCache<TInput, TResult> cache,
        Action<OperationBatch<TInput, TResult>> onFinished)
    {
        Scheduler = scheduler;
        Options = options;
        Limit = limit;
        Cache = cache;
        _context = context;
        _onFinished = onFinished;
        OperationClock clock = context.Clock;
        _results = new ResultQueue<TInput, TResult>(options.Ordered, context.Records.CreateRecorder);
        _room = new BatchRoom(options.UnboundedOutput, () => _results.Ended);
        _events = new BatchEvents<TInput, TResult>(Id, options.OnEvent, context.Listeners, clock.Provider);
        _dispatcher = new Dispatcher<TInput>(this, DispatchOptions.From(options, context.Options.StopGrace), clock, limit, starter);
        _reader = new ResultReader<TInput, TResult>(_results, _room, () => !_dispatcher.IsInputEnded);
        _outcome = new OperationOutcome<TInput, TResult>(options, context, _dispatcher, _results, _reader, _room, _events, cache, Cancel);
        _intake = new BatchIntake<TInput, TResult>(options, context, _dispatcher, _room, _outcome, cache);
        ExecutionContext flow = ExecutionContext.Capture() ?? throw new InvalidOperationException(
            "The flow of the execution context is suppressed here: start batches outside of ExecutionContext.SuppressFlow.");
        _lanes = new LaneServices<TInput, TResult>(
            _dispatcher.Supply, _outcome, _results, _events, context.Records.Workers, clock, limit, flow, workerFactory);
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
        Accepted = _room.Accepted,
    };

    internal ConcurrencyLimit Limit { get; }

    internal OperationCache<TInput, TResult> Cache { get; }

    /// <summary>Where the batch's operations end; what the cache knows the batch by.</summary>
    internal OperationOutcome<TInput, TResult> Outcome => _outcome;

    /// <inheritdoc/>
    bool IDispatchTarget<TInput>.IsClogged => _room.IsClogged;

    /// <inheritdoc/>
    bool IDispatchTarget<TInput>.IsProcessorLoadLow => _context.ProcessorLoad.IsLow();

    /// <summary>Takes an input as an operation without an id, if there is room.</summary>
    /// <param name="input">The input.</param>
    /// <returns>False when the batch is full; nothing was taken.</returns>
    /// <exception cref="OperationException">See <see cref="TryEnqueue(Operation{TInput})"/>.</exception>
    public bool TryEnqueue(TInput input) => _intake.TryEnqueue(input);

    /// <summary>Takes an operation, if there is room. Never blocks.</summary>
    /// <param name="operation">The operation, not enqueued before.</param>
    /// <returns>
    /// True when it was accepted, which includes that it ends at once as rejected. False when the batch is full: read results, or
    /// <see cref="Wait"/>; nothing was taken.
    /// </returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.BatchClosed"/>: the input was completed or the batch stopped;
    /// <see cref="OperationErrorCode.OperationReused"/>: it was enqueued before; <see cref="OperationErrorCode.MetadataTooLarge"/>;
    /// <see cref="OperationErrorCode.OperationRejected"/>: the batch is full and its overload policy is to fail.
    /// </exception>
    public bool TryEnqueue(Operation<TInput> operation) => _intake.TryEnqueue(operation);

    /// <summary>Takes inputs as operations without ids, as many as there is room for: cheaper than one at a time. Never blocks.</summary>
    /// <param name="inputs">The inputs. They are accepted together, at one time.</param>
    /// <returns>How many were taken, the first ones; less than all when the batch became full.</returns>
    /// <exception cref="OperationException">See <see cref="TryEnqueue(Operation{TInput})"/>.</exception>
    public int TryEnqueueRange(ReadOnlySpan<TInput> inputs) => _intake.TryEnqueueRange(inputs);

    /// <summary>Takes an operation, waiting for room.</summary>
    /// <param name="operation">The operation, not enqueued before.</param>
    /// <param name="cancellationToken">Ends the wait; the operation was then not taken.</param>
    /// <returns>When it was accepted.</returns>
    /// <exception cref="OperationException">See <see cref="TryEnqueue(Operation{TInput})"/>.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public ValueTask EnqueueAsync(Operation<TInput> operation, CancellationToken cancellationToken = default) =>
        _intake.EnqueueAsync(operation, cancellationToken);

    /// <summary>No more operations come. The batch ends when those accepted have ended. Any number of calls.</summary>
    public void Complete()
    {
        _dispatcher.EndInput();
        CloseInput();
    }

    /// <summary>Takes the next result, if there is one. For the reader.</summary>
    /// <param name="result">The result.</param>
    /// <returns>False when there is none now.</returns>
    public bool TryRead(out OperationResult<TInput, TResult> result) => _reader.TryRead(out result);

    /// <summary>
    /// Blocks until there is a result to read, room for input, or nothing more to come; after <see cref="Complete"/> until there is a
    /// result or nothing more to come. For a caller that is producer and reader in one; <see cref="IsDrained"/> tells it the end.
    /// </summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when there is a result or room for input.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken = default) => _reader.Wait(timeout, cancellationToken);

    /// <summary>Waits until there is a result to read. For the reader.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when all results were read and no more come.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => _reader.WaitToReadAsync(cancellationToken);

    /// <summary>Reads results until no more come. For the reader.</summary>
    /// <param name="cancellationToken">Ends the reading, not the batch.</param>
    /// <returns>The results, as they finish or in the order of the input, whichever the options say.</returns>
    public IAsyncEnumerable<OperationResult<TInput, TResult>> ReadAllAsync(CancellationToken cancellationToken = default) =>
        _reader.ReadAllAsync(cancellationToken);

    /// <summary>
    /// Stops the batch without waiting: what has not started ends as cancelled, what runs has its token cancelled and ends as cancelled
    /// after the scheduler's grace at the latest. Any thread, any number of calls; results can still be read.
    /// </summary>
    public void Cancel() => Stop(_context.Options.StopGrace);

    /// <summary>Stops the batch as <see cref="Cancel()"/> does and waits until its workers have left, but no longer than twice the grace.</summary>
    /// <param name="grace">How long executors may take to heed their cancellation; null for the scheduler's.</param>
    /// <returns>What would not stop.</returns>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>: the grace is negative or above an hour.</exception>
    public async Task<StopReport> StopAsync(TimeSpan? grace = null)
    {
        TimeSpan allowed = grace ?? _context.Options.StopGrace;
        OptionCheck.InRange(nameof(grace), allowed, TimeSpan.Zero, TimeSpan.FromHours(1));
        Stop(allowed);
        try
        {
            // Executors are given up after the grace; the rest of the time is for workers that are being opened or closed.
            await Completion.WaitAsync((2 * allowed) + TimeSpan.FromMilliseconds(10), _context.Clock.Provider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The report says who is left.
        }

        return _dispatcher.GetReport();
    }

    /// <summary>Stops the batch with the scheduler's grace.</summary>
    /// <returns>When its workers have left, or the grace is over.</returns>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>Takes an operation, blocking until there is room: <see cref="EnqueueAsync"/> for a thread of its own, without another that wakes it.</summary>
    internal void Enqueue(Operation<TInput> operation) => _intake.Enqueue(operation);

    /// <summary>Blocks until there is a result to read: <see cref="WaitToReadAsync"/> for a thread of its own, which pauses where results come fast.</summary>
    /// <returns>False when all results were read and no more come.</returns>
    internal bool WaitToRead() => _reader.WaitToRead();

    /// <summary>Ends the reader's present <see cref="Wait"/>, or its next one, though there may be nothing to read. Any thread.</summary>
    internal void Interrupt() => _reader.Interrupt();

    /// <summary>Adds what was recorded of the batch's operations to a recorder.</summary>
    internal void AddTo(OperationRecorder recorder) => _results.AddTo(recorder);

    /// <summary>The scheduler's settings changed.</summary>
    internal void OnSettingsChanged()
    {
        _dispatcher.Retune();
        UpdateCapacity();
    }

    /// <summary>More or fewer operations fit into the batch, since what its capacity goes by has changed.</summary>
    internal void UpdateCapacity()
    {
        _room.Capacity = Options.Capacity ?? Math.Max(SmallestDefaultCapacity, Math.Max(2 * _dispatcher.BatchSize, 8 * _dispatcher.LaneLimit));
        _room.Waiters.ReleaseAll();
    }

    /// <inheritdoc/>
    (int BatchSize, TimeSpan BatchFlush) IDispatchTarget<TInput>.GetChunkSettings() =>
        (Options.BatchSize ?? _context.Settings.BatchSize, Options.BatchFlush ?? _context.Settings.BatchFlush);

    /// <inheritdoc/>
    WorkerSlot<TInput> IDispatchTarget<TInput>.CreateSlot(int number) => new WorkerHost<TInput, TResult>(_lanes, number).Slot;

    /// <inheritdoc/>
    void IDispatchTarget<TInput>.RecordChunk(int count) => _events.RaiseChunk(count);

    /// <inheritdoc/>
    void IDispatchTarget<TInput>.RecordStuck(int change) => _context.Records.RecordStuck(change);

    /// <inheritdoc/>
    void IDispatchTarget<TInput>.Cancel(Operation<TInput> operation) => _outcome.Cancel(operation);

    /// <inheritdoc/>
    void IDispatchTarget<TInput>.FailUnserved(Operation<TInput> operation, Exception error) => _outcome.Conclude(
        null, operation, OperationStatus.Failed, default, OperationErrors.WorkerUnavailable(operation.Id, error));

    /// <inheritdoc/>
    void IDispatchTarget<TInput>.EndGivenUp(Operation<TInput> operation, int phase) => _outcome.Settle(
        null, operation, phase, default, OperationErrors.NotHeeded(), _context.Clock.Now);

    /// <inheritdoc/>
    void IDispatchTarget<TInput>.Finish()
    {
        if (Interlocked.Exchange(ref _isFinished, 1) != 0)
        {
            return;
        }

        Limit.Leave();
        _onFinished(this);
        _completion.SetResult();
    }

    private void Stop(TimeSpan grace)
    {
        List<Operation<TInput>> waiting = _dispatcher.Stop(grace);
        CloseInput();
        for (int i = 0; i < waiting.Count; i++)
        {
            _outcome.Cancel(waiting[i], mayBeLast: i == waiting.Count - 1);
        }

        _outcome.CancelCacheWaiters();
    }

    /// <summary>All callers that wait for room find the input closed; the end is reached when as many have ended as were accepted.</summary>
    private void CloseInput()
    {
        // Exact without the lock: the dispatcher has ended the input under it, and accepts nothing since.
        if (_results.Expect(_room.Accepted))
        {
            _reader.Wake();
            _dispatcher.End();
        }

        _room.Waiters.ReleaseAll();
    }
}

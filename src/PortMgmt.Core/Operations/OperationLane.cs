using System.Diagnostics.CodeAnalysis;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Results;

namespace PortMgmt.Operations;

/// <summary>
/// A worker's end of a batch: where it gets its operations and hands back what came of them, one at a time. See
/// <see cref="IOperationWorker{TInput, TResult}"/> for the pattern.
/// </summary>
/// <typeparam name="TInput">What the executor works on.</typeparam>
/// <typeparam name="TResult">What the executor makes of it.</typeparam>
/// <remarks>
/// Not thread-safe: its worker's calls follow each other, on whatever thread. No call throws because of what happens to the batch
/// meanwhile; results that come too late (the batch was stopped and the grace is over) are dropped, and the next call for work says false.
/// </remarks>
[SuppressMessage(
    "Reliability", "CA1001", Justification = "A source without a timer and without a wait handle holds nothing, and executors may still look at its token.")]
public sealed partial class OperationLane<TInput, TResult>
{
    private readonly OperationBatch<TInput, TResult> _batch;
    private readonly Dispatcher<TInput, TResult> _dispatcher;
    private readonly OperationClock _clock;

    /// <summary>What earlier lanes counted in the same metrics.</summary>
    private readonly long _handOffsBefore;

    /// <summary>What the present operation lends to batches that it starts.</summary>
    private readonly StarterPlace _place;

    /// <summary>What a blocked worker waits on; made when it first blocks.</summary>
    private SemaphoreSlim? _parking;

    /// <summary>The worker; made at the first wake-up.</summary>
    private IOperationWorker<TInput, TResult>? _worker;

    private CancellationTokenSource _cancellation = new();
    private Operation<TInput>? _current;

    /// <summary>Which attempt of the present operation is this lane's: after an attempt was given up, another lane may run the next.</summary>
    private int _attempt;

    internal OperationLane(OperationBatch<TInput, TResult> batch, Dispatcher<TInput, TResult> dispatcher, int number)
    {
        _batch = batch;
        _dispatcher = dispatcher;
        _clock = batch.Clock;
        Number = number;
        _place = new StarterPlace(batch.Limit, () => PresentAttempt);
        Metrics = batch.Scheduler.RentMetrics();
        Results = batch.Results.BufferOf(number);
        _handOffsBefore = Metrics.HandOffs;
    }

    /// <summary>The lane's number in its batch, from 1.</summary>
    public int Number { get; }

    /// <summary>
    /// Cancelled when the present operation's time is up or the batch is stopped. Only for the present operation: the next one may have
    /// another token, so registrations on it end with the operation. Its callbacks must not block.
    /// </summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>The operations of the present hand-off where hand-offs run as a whole; else the present operation alone, or nothing between two.</summary>
    public IReadOnlyList<Operation<TInput>> Group => _current is null ? [] : _current.Group ?? [_current];

    /// <summary>How many hand-offs the lane had so far.</summary>
    public long HandOffs => Metrics.HandOffs - _handOffsBefore;

    /// <summary>What waits in this lane; see <see cref="HandOff{TInput}"/> for who may do what.</summary>
    internal HandOff<TInput> HandOff { get; } = new();

    /// <summary>The operation that runs, for whoever watches its time.</summary>
    internal Operation<TInput>? Current => Volatile.Read(ref _current);

    internal WorkerMetrics Metrics { get; }

    /// <summary>Where its results go.</summary>
    internal ResultBuffer<TInput, TResult> Results { get; }

    internal CancellationTokenSource Cancellation => Volatile.Read(ref _cancellation);

    /// <summary>Where the lane is in its life. Written under the dispatcher's gate.</summary>
    internal LaneState State { get; set; }

    /// <summary>The worker has not returned from its pull. Written under the dispatcher's gate.</summary>
    internal bool IsInside { get; set; }

    /// <summary>When it found no work last.</summary>
    internal long ParkedAt { get; set; }

    /// <summary>The lane runs on its starter's place under the limit, not on one of its own.</summary>
    internal bool IsOnLoan { get; set; }

    /// <summary>When the operation could run for which the idle lane was woken; null for a lane whose worker had to be made first.</summary>
    internal long? RousedFor { get; set; }

    /// <summary>
    /// When the last hand-off came or the last operation ended, whichever was later: the start of the next one. Reading the clock again
    /// for that would be a third of all that an operation costs.
    /// </summary>
    internal long Stamp { get; set; }

    /// <summary>When the last hand-off came. Under the dispatcher's gate.</summary>
    internal long GivenAt { get; set; }

    /// <summary>How many operations the last hand-off had; 0 before the first. Under the dispatcher's gate.</summary>
    internal int Given { get; set; }

    /// <summary>When the present operation was told to stop; from then on the grace runs.</summary>
    internal long CancelledAt { get; set; }

    /// <summary>The next operation comes with another hand-off, if there is one.</summary>
    internal bool IsBetweenHandOffs => HandOff.Count == 0;

    /// <summary>The worker blocks in <see cref="Next"/> when there is nothing to do.</summary>
    internal bool Blocks => Volatile.Read(ref _parking) is not null;

    /// <summary>Gets the next operation, waiting for one as long as the batch may bring one. For workers with a thread of their own.</summary>
    /// <param name="operation">The operation, or the first of a whole hand-off; its attempt has started.</param>
    /// <returns>False when the worker should end: the batch has, or has no more use for it.</returns>
    public bool Next([NotNullWhen(true)] out Operation<TInput>? operation)
    {
        if (_parking is null)
        {
            NestedBatches.Mark(_place);
            Volatile.Write(ref _parking, new SemaphoreSlim(0));
        }

        while (!TryNext(out operation))
        {
            if (_dispatcher.Leave(this))
            {
                return false;
            }

            _parking.Wait();
        }

        return true;
    }

    /// <summary>Gets the next operation if there is one now.</summary>
    /// <param name="operation">The operation, or the first of a whole hand-off; its attempt has started.</param>
    /// <returns>False when there is none: the worker ends its pull and is woken when there is work again.</returns>
    /// <exception cref="InvalidOperationException">The operation before was neither ended by <c>Succeed</c> nor by <c>Fail</c>.</exception>
    public bool TryNext([NotNullWhen(true)] out Operation<TInput>? operation)
    {
        if (_current is not null)
        {
            throw new InvalidOperationException("The operation before has not ended: call Succeed or Fail first, once.");
        }

        while (true)
        {
            if (HandOff.TryTakeFirst(out operation))
            {
                if (Begin(operation))
                {
                    return true;
                }
            }
            else if (!_dispatcher.Refill(this))
            {
                return false;
            }

            // What came with a hand-off may have been taken over by another lane before this one got to it: then the next is asked for.
        }
    }

    /// <summary>The present operation, or whole hand-off, was done.</summary>
    /// <param name="output">What came of it.</param>
    public void Succeed(TResult output) => End(output, null);

    /// <summary>The present operation, or whole hand-off, failed.</summary>
    /// <param name="error">Why.</param>
    /// <param name="output">What there is nevertheless.</param>
    public void Fail(Exception error, TResult? output = default)
    {
        ArgumentNullException.ThrowIfNull(error);
        End(output, error);
    }

    /// <summary>
    /// The worker cannot go on. The present operation, if any, fails with <see cref="OperationErrorCode.WorkerLost"/> (and runs again if
    /// retries are left), what it had not started goes to other workers, and the lane is closed.
    /// </summary>
    /// <param name="error">Why.</param>
    public void Lost(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        bool neverWorked = HandOffs == 0;

        // The operation first: once the lane is lost, another goes on with its metrics.
        if (_current is not null)
        {
            End(default, new OperationException(
                OperationErrorCode.WorkerLost, $"The worker ended while it ran the operation: {error.Message}", error));
        }

        _dispatcher.Lose(this, error, neverWorked);
    }
}

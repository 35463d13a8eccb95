using System.Diagnostics.CodeAnalysis;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Errors;
using PortMgmt.Operations.Events;
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
public sealed class OperationLane<TInput, TResult>
{
    private readonly WorkerHost<TInput, TResult> _host;
    private readonly WorkerSlot<TInput> _slot;
    private readonly RunningAttempt<TInput> _attempt;
    private readonly LaneSupply<TInput> _supply;
    private readonly OperationOutcome<TInput, TResult> _outcome;
    private readonly BatchEvents<TInput, TResult> _events;
    private readonly LaneOutput<TInput, TResult> _output;
    private readonly OperationClock _clock;

    internal OperationLane(WorkerHost<TInput, TResult> host, LaneServices<TInput, TResult> services)
    {
        _host = host;
        _slot = host.Slot;
        _attempt = _slot.Attempt;
        _supply = services.Supply;
        _outcome = services.Outcome;
        _events = services.Events;
        _output = new LaneOutput<TInput, TResult>(_slot.Metrics, services.Results.BufferOf(Number), _slot);
        _clock = services.Clock;
    }

    /// <summary>The lane's number in its batch, from 1.</summary>
    public int Number => _slot.Number;

    /// <summary>
    /// Cancelled when the present operation's time is up or the batch is stopped. Only for the present operation: the next one may have
    /// another token, so registrations on it end with the operation. Its callbacks must not block.
    /// </summary>
    public CancellationToken Token => _attempt.Token;

    /// <summary>The operations of the present chunk where chunks are delivered as one piece; else the present operation alone, or nothing between two.</summary>
    public IReadOnlyList<Operation<TInput>> Group => _attempt.Own is not { } operation ? [] : operation.Group ?? [operation];

    /// <summary>How many chunks were handed out to the lane so far.</summary>
    public long Chunks => _slot.Chunks;

    /// <summary>The next operation comes with another chunk, if there is one.</summary>
    internal bool IsBetweenChunks => _slot.Chunk.Count == 0;

    /// <summary>Gets the next operation, waiting for one as long as the batch may bring one. For workers with a thread of their own.</summary>
    /// <param name="operation">The operation, or the first of a chunk; its attempt has started.</param>
    /// <returns>False when the worker should end: the batch has, or has no more use for it.</returns>
    public bool Next([NotNullWhen(true)] out Operation<TInput>? operation)
    {
        _host.SetBlocking();
        while (!TryNext(out operation))
        {
            if (_supply.Leave(_slot))
            {
                return false;
            }

            _host.Block();
        }

        return true;
    }

    /// <summary>Gets the next operation if there is one now.</summary>
    /// <param name="operation">The operation, or the first of a chunk; its attempt has started.</param>
    /// <returns>False when there is none: the worker ends its pull and is woken when there is work again.</returns>
    /// <exception cref="InvalidOperationException">The operation before was neither ended by <c>Succeed</c> nor by <c>Fail</c>.</exception>
    public bool TryNext([NotNullWhen(true)] out Operation<TInput>? operation)
    {
        if (_attempt.Own is not null)
        {
            throw new InvalidOperationException("The operation before has not ended: call Succeed or Fail first, once.");
        }

        while (true)
        {
            if (_slot.Chunk.TryTakeFirst(out operation))
            {
                if (Begin(operation))
                {
                    return true;
                }
            }
            else if (!_supply.Refill(_slot))
            {
                return false;
            }

            // Other lanes may start what is in the chunk before this one gets to it: then the next is asked for.
        }
    }

    /// <summary>The present operation, or chunk, was done.</summary>
    /// <param name="output">What came of it.</param>
    public void Succeed(TResult output) => End(output, null);

    /// <summary>The present operation, or chunk, failed.</summary>
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
        bool neverWorked = !_slot.HasWorked;

        // The operation first: once the lane is lost, another goes on with its metrics.
        if (_attempt.Own is not null)
        {
            End(default, new OperationException(
                OperationErrorCode.WorkerLost, $"The worker ended while it ran the operation: {error.Message}", error));
        }

        _supply.Lose(_slot, error, neverWorked);
    }

    private bool Begin(Operation<TInput> operation)
    {
        _slot.Started++;
        operation.StartedAt = _attempt.Stamp;
        if (operation.State == OperationPhase.Waiting)
        {
            operation.QueueTicks = _clock.ToTicks(operation.StartedAt - operation.EnqueuedAt);
        }

        // Begin is a full fence: whoever stops the batch either sees this attempt or is seen here.
        _attempt.Begin(operation);
        if (_supply.IsStopping)
        {
            End(default, OperationErrors.Cancelled(operation.Id));
            return false;
        }

        _supply.Watch(operation.StartedAt);
        _events.RaiseStarted(operation);
        return true;
    }

    private void End(TResult? output, Exception? error)
    {
        Operation<TInput> operation = _attempt.Own
            ?? throw new InvalidOperationException("There is no present operation: each one ends exactly once.");
        long now = _attempt.Stamp = _clock.Now;
        int phase = _attempt.End(operation);
        if (phase == OperationPhase.Ended)
        {
            _supply.ComeBack(_slot);
        }
        else
        {
            _outcome.Settle(_output, operation, phase, output, error, now);
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Errors;

namespace PortMgmt.Operations;

/// <content>The worker's life, and how an attempt starts and ends.</content>
public sealed partial class OperationLane<TInput, TResult>
{
    /// <summary>Brings the worker to pull. Called without any lock held, after the dispatcher made the lane active.</summary>
    /// <param name="error">Why it cannot be brought to it; the worker is then lost.</param>
    internal bool TryWake([NotNullWhen(false)] out Exception? error)
    {
        error = null;
        try
        {
            if (_worker is null)
            {
                ExecutionContext.Run(_batch.Context, static lane => ((OperationLane<TInput, TResult>)lane!).Start(), this);
            }
            else if (_parking is { } parking)
            {
                parking.Release();
            }
            else
            {
                _worker.Wake(this);
            }

            return true;
        }
        catch (Exception e)
        {
            error = e;
            return false;
        }
    }

    /// <summary>Takes the end of an attempt away from its worker, which did not heed the cancellation.</summary>
    internal static bool TryGiveUp(Operation<TInput> operation, int state) =>
        Interlocked.CompareExchange(ref operation.State, OperationPhase.With(state, OperationPhase.Ended), state) == state;

    /// <summary>Lets a blocked worker see that its lane was closed.</summary>
    internal void Unblock() => Volatile.Read(ref _parking)?.Release();

    /// <summary>The worker has left: it is disposed of, and its metrics go to the next.</summary>
    internal void Retire()
    {
        _batch.Scheduler.ReturnMetrics(Metrics);
        try
        {
            _worker?.Dispose();
        }
        catch (Exception)
        {
            // Every operation of this worker has ended. Whatever thread this is, it must go on with what others wait for.
        }
    }

    /// <summary>The attempt that runs on this lane and was not given up; null for none.</summary>
    private (object Operation, int Number)? PresentAttempt
    {
        get
        {
            if (Current is not { } operation)
            {
                return null;
            }

            int state = Volatile.Read(ref operation.State);
            return state >> OperationPhase.Bits == _attempt && OperationPhase.From(state) != OperationPhase.Ended ? (operation, _attempt) : null;
        }
    }

    private void Start()
    {
        NestedBatches.Mark(_place);
        _worker = _batch.CreateWorker();
        _worker.Wake(this);
    }

    private bool Begin(Operation<TInput> operation)
    {
        operation.StartedAt = Stamp;
        if (operation.State == OperationPhase.Waiting)
        {
            operation.QueueTicks = _clock.ToTicks(operation.StartedAt - operation.EnqueuedAt);
        }

        int running = OperationPhase.NextAttempt(operation.State);
        _attempt = running >> OperationPhase.Bits;
        Volatile.Write(ref _current, operation);

        // A full fence: whoever stops the batch, or looks for operations beyond their time, either sees this attempt or is seen here.
        Interlocked.Exchange(ref operation.State, running);
        if (_dispatcher.IsStopping)
        {
            End(default, OperationErrors.Cancelled(operation.Id));
            return false;
        }

        _batch.RecordStart(operation);
        return true;
    }

    private void End(TResult? output, Exception? error)
    {
        Operation<TInput> operation = _current
            ?? throw new InvalidOperationException("There is no present operation: each one ends exactly once.");
        long now = Stamp = _clock.Now;
        int phase = Claim(operation);
        Volatile.Write(ref _current, null);
        if (phase == OperationPhase.Ended)
        {
            _dispatcher.CameBack(this);
            return;
        }

        if (phase != OperationPhase.Running)
        {
            // The token was used up for this attempt; a later one must not find itself cancelled.
            Volatile.Write(ref _cancellation, new CancellationTokenSource());
        }

        _batch.Settle(this, operation, phase, output, error, now);
    }

    private int Claim(Operation<TInput> operation)
    {
        while (true)
        {
            int state = Volatile.Read(ref operation.State);
            int phase = OperationPhase.From(state);
            if (state >> OperationPhase.Bits != _attempt || phase == OperationPhase.Ended)
            {
                return OperationPhase.Ended;
            }

            if (Interlocked.CompareExchange(ref operation.State, OperationPhase.With(state, OperationPhase.Ended), state) == state)
            {
                return phase;
            }
        }
    }
}

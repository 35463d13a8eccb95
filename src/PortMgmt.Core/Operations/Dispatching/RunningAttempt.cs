using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// The attempt that runs on a lane, and who may end it: its worker, or whoever gives it up. The worker begins and ends attempts; any thread
/// may look at the present one, tell it to stop, or give it up.
/// </summary>
[SuppressMessage(
    "Reliability", "CA1001", Justification = "A source without a timer and without a wait handle holds nothing, and executors may still look at its token.")]
internal sealed class RunningAttempt<TInput>
{
    private CancellationTokenSource _cancellation = new();
    private Operation<TInput>? _current;

    /// <summary>Which attempt of the present operation is this lane's: after an attempt was given up, another lane may run the next.</summary>
    private int _number;

    /// <summary>
    /// When the last chunk came or the last operation ended, whichever was later: the start of the next one. Reading the clock again
    /// for that would be a third of all that an operation costs. The worker's own.
    /// </summary>
    public long Stamp { get; set; }

    /// <summary>The operation that runs, for whoever watches its time.</summary>
    public Operation<TInput>? Current => Volatile.Read(ref _current);

    /// <summary>The operation that runs, for its worker.</summary>
    public Operation<TInput>? Own => _current;

    /// <summary>Cancelled when the present operation's time is up or the batch is stopped.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>The attempt that runs and was not given up; null for none.</summary>
    public (object Operation, int Number)? Present
    {
        get
        {
            if (Current is not { } operation)
            {
                return null;
            }

            int state = Volatile.Read(ref operation.State);
            return state >> OperationPhase.Bits == _number && OperationPhase.From(state) != OperationPhase.Ended ? (operation, _number) : null;
        }
    }

    /// <summary>Starts the operation's next attempt. By the worker.</summary>
    public void Begin(Operation<TInput> operation)
    {
        int running = OperationPhase.NextAttempt(operation.State);
        _number = running >> OperationPhase.Bits;
        Volatile.Write(ref _current, operation);

        // A full fence: whoever stops the batch, or looks for operations beyond their time, either sees this attempt or is seen by
        // the caller, who looks for a stop next.
        Interlocked.Exchange(ref operation.State, running);
    }

    /// <summary>Ends the present attempt. By the worker.</summary>
    /// <returns>The phase that the attempt was in; <see cref="OperationPhase.Ended"/> when it had been given up.</returns>
    public int End(Operation<TInput> operation)
    {
        int phase = Claim(operation);
        Volatile.Write(ref _current, null);
        if (phase is not (OperationPhase.Ended or OperationPhase.Running))
        {
            // The token was used up for this attempt; a later one must not find itself cancelled.
            Volatile.Write(ref _cancellation, new CancellationTokenSource());
        }

        return phase;
    }

    /// <summary>Claims that the present attempt is told to stop. Any thread.</summary>
    /// <param name="operation">The operation that was seen to run.</param>
    /// <param name="phase">Why: the phase that the attempt is in from then on.</param>
    /// <param name="cancellation">What to cancel, outside of any lock.</param>
    public bool TryInterrupt(Operation<TInput> operation, int phase, out CancellationTokenSource cancellation)
    {
        // Read before the claim: once the claim holds, the worker replaces its source when the attempt ends.
        cancellation = Volatile.Read(ref _cancellation);
        int state = Volatile.Read(ref operation.State);
        return OperationPhase.From(state) == OperationPhase.Running
            && Interlocked.CompareExchange(ref operation.State, OperationPhase.With(state, phase), state) == state;
    }

    /// <summary>Takes the end of an attempt away from its worker, which did not heed the cancellation. Any thread.</summary>
    public static bool TryGiveUp(Operation<TInput> operation, int state) =>
        Interlocked.CompareExchange(ref operation.State, OperationPhase.With(state, OperationPhase.Ended), state) == state;

    private int Claim(Operation<TInput> operation)
    {
        while (true)
        {
            int state = Volatile.Read(ref operation.State);
            int phase = OperationPhase.From(state);
            if (state >> OperationPhase.Bits != _number || phase == OperationPhase.Ended)
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

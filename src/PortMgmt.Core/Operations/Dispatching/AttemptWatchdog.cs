using PortMgmt.Metrics.Recording;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// Watches how long attempts take: tells those beyond their time to stop, and gives up those that do not within the grace. Not thread-safe:
/// guarded by the dispatcher's lock, but for what says otherwise.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="timer">The timer whose ticks bring <see cref="IsGivenUp"/>.</param>
/// <param name="timeout">How long an attempt may take; null for no limit.</param>
/// <param name="grace">How long an executor that was told to stop may take.</param>
/// <param name="dispatcherLock">The lock that guards this.</param>
internal sealed class AttemptWatchdog<TInput>(
    OperationClock clock, DeadlineTimer timer, TimeSpan? timeout, TimeSpan grace, LockAssertion dispatcherLock)
{
    private readonly List<StuckOperation> _stuck = [];

    /// <summary>How long an attempt may take; the largest number for no limit.</summary>
    private readonly long _timeoutUnits = timeout is TimeSpan limit ? clock.ToUnits(limit) : long.MaxValue;

    private long _graceUnits = clock.ToUnits(grace);

    /// <summary>Who has not returned.</summary>
    public IReadOnlyList<StuckOperation> Stuck
    {
        get
        {
            dispatcherLock.AssertHeld();
            return [.. _stuck];
        }
    }

    /// <summary>Makes sure that an attempt which just started is looked at when its time is up. Any thread.</summary>
    public void Watch(long startedAt)
    {
        if (_timeoutUnits < long.MaxValue)
        {
            timer.ArmBy(startedAt + _timeoutUnits);
        }
    }

    /// <summary>How long an executor that was told to stop may take from now on.</summary>
    public void SetGrace(TimeSpan allowed)
    {
        dispatcherLock.AssertHeld();
        _graceUnits = clock.ToUnits(allowed);
    }

    /// <summary>Tells what a lane runs to stop, and starts its grace.</summary>
    /// <param name="slot">The lane.</param>
    /// <param name="phase">Why: the phase that the attempt is in from then on.</param>
    /// <param name="now">The time.</param>
    /// <param name="deferred">Where the cancellation goes.</param>
    public void Interrupt(WorkerSlot<TInput> slot, int phase, long now, ref DeferredActions<TInput> deferred)
    {
        dispatcherLock.AssertHeld();
        if (slot.Attempt.Current is not { } operation)
        {
            return;
        }

        if (slot.Attempt.TryInterrupt(operation, phase, out CancellationTokenSource cancellation))
        {
            slot.CancelledAt = now;
            deferred.Cancel(cancellation);
        }

        timer.ArmBy(now + _graceUnits);
    }

    /// <summary>Looks at what a lane runs: beyond its time it is told to stop, beyond its grace it is given up.</summary>
    /// <param name="slot">The lane.</param>
    /// <param name="now">The time.</param>
    /// <param name="deferred">Where a cancellation goes.</param>
    /// <param name="givenUp">The operation whose attempt was given up, and the phase that it was in.</param>
    /// <returns>True when it was given up; its lane has to be closed.</returns>
    public bool IsGivenUp(
        WorkerSlot<TInput> slot, long now, ref DeferredActions<TInput> deferred, out (Operation<TInput> Operation, int Phase) givenUp)
    {
        dispatcherLock.AssertHeld();
        givenUp = default;
        if (slot.Attempt.Current is not { } operation)
        {
            return false;
        }

        int state = Volatile.Read(ref operation.State);
        int phase = OperationPhase.From(state);
        if (phase == OperationPhase.Running && _timeoutUnits < long.MaxValue)
        {
            if (!IsOver(operation.StartedAt + _timeoutUnits, now))
            {
                return false;
            }

            Interrupt(slot, OperationPhase.TimeUp, now, ref deferred);
            return false;
        }

        if (phase is not (OperationPhase.TimeUp or OperationPhase.Stopping)
            || !IsOver(slot.CancelledAt + _graceUnits, now)
            || !RunningAttempt<TInput>.TryGiveUp(operation, state))
        {
            return false;
        }

        _stuck.Add(new StuckOperation(slot.Number, operation.Id, operation.Sequence, clock.ToTimeSpan(now - operation.StartedAt)));
        givenUp = (operation, phase);
        return true;
    }

    /// <summary>An executor that had been given up returned after all.</summary>
    /// <returns>Whether it was one.</returns>
    public bool TryForget(WorkerSlot<TInput> slot)
    {
        dispatcherLock.AssertHeld();
        return _stuck.RemoveAll(stuck => stuck.Lane == slot.Number) > 0;
    }

    private bool IsOver(long due, long now)
    {
        if (due <= now)
        {
            return true;
        }

        timer.ArmBy(due);
        return false;
    }
}

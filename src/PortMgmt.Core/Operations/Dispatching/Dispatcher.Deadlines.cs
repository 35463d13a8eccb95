using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Errors;

namespace PortMgmt.Operations.Dispatching;

/// <content>What happens when time passes: gathering, timeouts, grace, retries, idle lanes, and a limit that may grow.</content>
internal sealed partial class Dispatcher<TInput, TResult>
{
    /// <summary>How long a lane without work is kept: opening a worker again may be dear.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    private readonly List<StuckOperation> _stuck = [];

    /// <summary>How long an attempt may take; the largest number for no limit.</summary>
    private readonly long _timeoutUnits;

    /// <summary>How long an executor that was told to stop may take.</summary>
    private long _graceUnits;

    /// <summary>Makes sure that an attempt which just started is looked at when its time is up.</summary>
    public void Watch(long startedAt) => _timer.ArmBy(startedAt + _timeoutUnits);

    private void Tick()
    {
        List<CancellationTokenSource> overdue = [];
        List<(Operation<TInput> Operation, int Phase)> givenUp = [];
        List<IPermitHeir?> heirs = [];
        OperationLane<TInput, TResult>? lane;
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            long now = _clock.Now;
            ReleaseDelayed(now);
            foreach (OperationLane<TInput, TResult> watched in _lanes.ToArray())
            {
                CheckTime(watched, now, overdue, givenUp, heirs);
            }

            CloseIdle(now, heirs);
            GrowLimit(heirs);
            lane = Choose(now) ?? Relieve(now);
        }

        foreach (CancellationTokenSource cancellation in overdue)
        {
            _ = cancellation.CancelAsync();
        }

        foreach (IPermitHeir? heir in heirs)
        {
            heir?.Inherit();
        }

        Wake(lane);
        foreach ((Operation<TInput> operation, int phase) in givenUp)
        {
            _batch.Settle(null, operation, phase, default, OperationErrors.NotHeeded(), _clock.Now);
        }

        FinishIfLeft();
        Dispatch();
    }

    private void ReleaseDelayed(long now)
    {
        while (_delayed.TryPeek(out Operation<TInput>? operation, out long due))
        {
            if (due > now)
            {
                _timer.ArmBy(due);
                break;
            }

            _delayed.Dequeue();
            operation.ReadyAt = now;
            if (operation.Group is null)
            {
                _queue.Add(operation);
            }
            else
            {
                _groups.Enqueue(operation);
            }
        }
    }

    private void CheckTime(
        OperationLane<TInput, TResult> lane,
        long now,
        List<CancellationTokenSource> overdue,
        List<(Operation<TInput>, int)> givenUp,
        List<IPermitHeir?> heirs)
    {
        if (lane.Current is not { } operation)
        {
            return;
        }

        int state = Volatile.Read(ref operation.State);
        int phase = OperationPhase.From(state);
        if (phase == OperationPhase.Running && _timeoutUnits < long.MaxValue)
        {
            long due = operation.StartedAt + _timeoutUnits;
            if (due <= now)
            {
                Interrupt(lane, OperationPhase.TimeUp, now, overdue);
            }
            else
            {
                _timer.ArmBy(due);
            }
        }
        else if (phase is OperationPhase.TimeUp or OperationPhase.Stopping)
        {
            long due = lane.CancelledAt + _graceUnits;
            if (due > now)
            {
                _timer.ArmBy(due);
            }
            else if (OperationLane<TInput, TResult>.TryGiveUp(operation, state))
            {
                _stuck.Add(new StuckOperation(lane.Number, operation.Id, operation.Sequence, _clock.ToTimeSpan(now - operation.StartedAt)));
                _batch.Scheduler.RecordStuck(1);
                heirs.Add(Close(lane));
                lane.IsInside = false;
                _inside--;
                givenUp.Add((operation, phase));
            }
        }
    }

    /// <summary>Tells what a lane runs to stop, and starts its grace. Under the gate.</summary>
    private void Interrupt(OperationLane<TInput, TResult> lane, int phase, long now, List<CancellationTokenSource> interrupted)
    {
        if (lane.Current is not { } operation)
        {
            return;
        }

        // Read before the claim: once the claim holds, the lane replaces its source when the attempt ends.
        CancellationTokenSource cancellation = lane.Cancellation;
        int state = Volatile.Read(ref operation.State);
        if (OperationPhase.From(state) == OperationPhase.Running
            && Interlocked.CompareExchange(ref operation.State, OperationPhase.With(state, phase), state) == state)
        {
            lane.CancelledAt = now;
            interrupted.Add(cancellation);
        }

        _timer.ArmBy(now + _graceUnits);
    }

    private void CloseIdle(long now, List<IPermitHeir?> heirs)
    {
        while (_parked.Count > 0)
        {
            long due = _parked[0].ParkedAt + _clock.ToUnits(IdleTime);
            if (due > now)
            {
                _timer.ArmBy(due);
                break;
            }

            heirs.Add(Close(_parked[0]));
        }
    }

    /// <summary>A limit that nobody set grows by a place at a time while work waits for one and the processors have little to do.</summary>
    private void GrowLimit(List<IPermitHeir?> heirs)
    {
        if (!_waitsForPlace || !_limit.CanGrow)
        {
            return;
        }

        if (_batch.Scheduler.ProcessorLoad.IsLow())
        {
            heirs.AddRange(_limit.Grow());
        }

        _timer.ArmBy(_clock.Now + Math.Max(FlushUnits, _clock.ToUnits(TimeSpan.FromMilliseconds(1))));
    }

    /// <summary>Where a lane's present operation takes long, another lane comes for what is behind it.</summary>
    private OperationLane<TInput, TResult>? Relieve(long now)
    {
        if (_stopping || _waitsForPlace || _waking > 0 || _active >= LaneLimit)
        {
            return null;
        }

        bool behind = false;
        foreach (OperationLane<TInput, TResult> lane in _lanes)
        {
            if (lane.HandOff.Count == 0 || lane.Current is not { } operation)
            {
                continue;
            }

            long due = operation.StartedAt + FlushUnits;
            if (due <= now)
            {
                behind = true;
            }
            else
            {
                _timer.ArmBy(due);
            }
        }

        return behind && TryTakePlace(now) ? Rouse(now) : null;
    }
}

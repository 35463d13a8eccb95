using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Errors;

namespace PortMgmt.Operations.Dispatching;

/// <content>How lanes and the batch end.</content>
internal sealed partial class Dispatcher<TInput, TResult> : IDisposable
{
    /// <summary>Stops the clock; nothing is due any more.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>A worker that found nothing asks whether it should go. If so, it counts as gone.</summary>
    public bool Leave(OperationLane<TInput, TResult> lane)
    {
        lock (_gate)
        {
            if (lane.State != LaneState.Closed)
            {
                return false;
            }

            Exit(lane);
        }

        FinishIfLeft();
        return true;
    }

    /// <summary>A worker is lost: what it had not started goes to others.</summary>
    /// <param name="lane">Its lane.</param>
    /// <param name="error">Why.</param>
    /// <param name="neverWorked">It was lost before it took any work, as the next one may be.</param>
    public void Lose(OperationLane<TInput, TResult> lane, Exception error, bool neverWorked) => Wake(Replace(lane, error, neverWorked));

    /// <summary>Ends everything at once, except what runs: that is told to stop and given the grace.</summary>
    /// <returns>What had not started.</returns>
    public List<Operation<TInput>> Stop(TimeSpan grace)
    {
        List<CancellationTokenSource> running = [];
        List<Operation<TInput>> waiting;
        lock (_gate)
        {
            _stopping = true;
            _inputEnded = true;

            // A lane that starts an operation from here on sees the stop; one that started earlier is seen below.
            Interlocked.MemoryBarrier();
            foreach (OperationLane<TInput, TResult> lane in _lanes)
            {
                TakeBack(lane);
            }

            waiting = _queue.Drain();
            waiting.AddRange(_groups);
            _groups.Clear();
            while (_delayed.TryDequeue(out Operation<TInput>? operation, out _))
            {
                waiting.Add(operation);
            }

            _graceUnits = _clock.ToUnits(grace);
            foreach (OperationLane<TInput, TResult> lane in _lanes)
            {
                Interrupt(lane, OperationPhase.Stopping, _clock.Now, running);
            }
        }

        foreach (CancellationTokenSource cancellation in running)
        {
            _ = cancellation.CancelAsync();
        }

        return waiting;
    }

    /// <summary>All operations have ended: nothing will be needed again.</summary>
    public void End()
    {
        List<IPermitHeir?> heirs = [];
        lock (_gate)
        {
            _ended = true;
            foreach (OperationLane<TInput, TResult> lane in _lanes.ToArray())
            {
                heirs.Add(Close(lane));
            }

            Dispose();
        }

        foreach (IPermitHeir? heir in heirs)
        {
            heir?.Inherit();
        }

        FinishIfLeft();
    }

    /// <summary>An executor that had been given up returned after all.</summary>
    public void CameBack(OperationLane<TInput, TResult> lane)
    {
        lock (_gate)
        {
            if (_stuck.RemoveAll(stuck => stuck.Lane == lane.Number) == 0)
            {
                return;
            }

            _batch.Scheduler.RecordStuck(-1);
            _leaving.Add(lane);
        }

        FinishIfLeft();
    }

    /// <summary>Who has not returned.</summary>
    public StopReport GetReport()
    {
        lock (_gate)
        {
            return new StopReport { Stuck = [.. _stuck], WorkersLeft = _inside + _retiring };
        }
    }

    /// <summary>Closes the lane of a lost worker. Where no worker can be had, an operation fails for it.</summary>
    /// <returns>The lane that comes in its place, to be woken; null for none.</returns>
    private OperationLane<TInput, TResult>? Replace(OperationLane<TInput, TResult> lane, Exception error, bool neverWorked)
    {
        IPermitHeir? heir;
        Operation<TInput>? unserved = null;
        lock (_gate)
        {
            heir = Close(lane);
            Exit(lane);
            if (neverWorked && _active > 0)
            {
                _growAgainAt = _clock.Now + _clock.ToUnits(TimeSpan.FromSeconds(1));
            }
            else if (neverWorked)
            {
                unserved = TakeUnserved();
            }
        }

        heir?.Inherit();
        if (unserved is not null)
        {
            _batch.Conclude(null, unserved, OperationStatus.Failed, default, OperationErrors.WorkerUnavailable(unserved.Id, error));
        }

        FinishIfLeft();
        lock (_gate)
        {
            return Choose(_clock.Now);
        }
    }

    private Operation<TInput>? TakeUnserved()
    {
        if (!_groups.TryDequeue(out Operation<TInput>? unserved) && _queue.TryTake(out unserved) && unserved.Gate is { } gate)
        {
            _queue.Release(gate);
        }

        return unserved;
    }

    /// <summary>Closes a lane and takes back what it had not started. Under the gate.</summary>
    private IPermitHeir? Close(OperationLane<TInput, TResult> lane)
    {
        LaneState before = lane.State;
        if (before == LaneState.Closed)
        {
            return null;
        }

        lane.State = LaneState.Closed;
        _lanes.Remove(lane);
        TakeBack(lane);
        lane.Unblock();
        if (!lane.IsInside)
        {
            _leaving.Add(lane);
        }

        if (before == LaneState.Parked)
        {
            _parked.Remove(lane);
            return null;
        }

        if (before == LaneState.Waking)
        {
            _waking--;
        }

        return GivePlace(lane);
    }

    /// <summary>A worker returned from its pull. Under the gate.</summary>
    private void Exit(OperationLane<TInput, TResult> lane)
    {
        if (!lane.IsInside)
        {
            return;
        }

        lane.IsInside = false;
        _inside--;
        if (lane.State == LaneState.Closed)
        {
            _leaving.Add(lane);
        }
    }

    /// <summary>Disposes of workers that left, and ends the batch after the last of them.</summary>
    private void FinishIfLeft()
    {
        while (true)
        {
            bool left;
            OperationLane<TInput, TResult>[] leaving;
            lock (_gate)
            {
                leaving = [.. _leaving];
                _leaving.Clear();
                _retiring += leaving.Length;
                left = _ended && _inside == 0 && _retiring == 0;
            }

            if (left)
            {
                _batch.Finish();
            }

            if (leaving.Length == 0)
            {
                return;
            }

            foreach (OperationLane<TInput, TResult> lane in leaving)
            {
                lane.Retire();
            }

            lock (_gate)
            {
                _retiring -= leaving.Length;
            }
        }
    }
}

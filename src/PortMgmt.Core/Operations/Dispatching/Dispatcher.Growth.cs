namespace PortMgmt.Operations.Dispatching;

/// <content>When a lane is woken, and when one more is made.</content>
internal sealed partial class Dispatcher<TInput, TResult>
{
    /// <summary>
    /// Decides whether one more lane should come for work now. An idle one gets what there is at once. Where all are busy, operations
    /// gather to the hand-off size first, and the oldest waits for the flush time at most. Each lane that comes decides again, so
    /// that they follow each other without a herd that finds nothing.
    /// </summary>
    public OperationLane<TInput, TResult>? Choose(long now)
    {
        if (_stopping || (_waitsForPlace && !MayBorrow) || _waking >= Math.Min(CountPieces(), Environment.ProcessorCount))
        {
            return null;
        }

        bool isIdle = !_options.WholeHandOffs && (_parked.Count > 0 || _active == 0);
        if (!isIdle && !IsDue(now))
        {
            if (_active < LaneLimit)
            {
                _timer.ArmBy(_queue.OldestReadyAt + FlushUnits);
            }

            return null;
        }

        return TryTakePlace(now) ? Rouse(isIdle ? _queue.OldestReadyAt : now) : null;
    }

    /// <summary>Into how many hand-offs what waits could go at most.</summary>
    private int CountPieces() => _options.WholeHandOffs ? _groups.Count + ((_queue.Count + BatchSize - 1) / BatchSize) : _queue.Count;

    /// <summary>Whether what waits has gathered for long enough.</summary>
    private bool IsDue(long now) =>
        _queue.Count >= BatchSize
        || _groups.Count > 0
        || (_queue.Count > 0 && (_inputEnded || now - _queue.OldestReadyAt >= FlushUnits || _batch.IsClogged));

    private OperationLane<TInput, TResult> Rouse(long since)
    {
        OperationLane<TInput, TResult> lane;
        if (_parked.Count > 0)
        {
            lane = _parked[^1];
            _parked.RemoveAt(_parked.Count - 1);
            lane.RousedFor = since;
        }
        else
        {
            lane = new OperationLane<TInput, TResult>(_batch, this, ++_lanesMade);
            _lanes.Add(lane);
        }

        lane.IsOnLoan = _borrowed;
        _borrowed = false;
        lane.State = LaneState.Waking;
        _waking++;
        if (!lane.IsInside)
        {
            lane.IsInside = true;
            _inside++;
        }

        return lane;
    }
}

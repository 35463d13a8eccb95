using PortMgmt.Operations.Concurrency;

namespace PortMgmt.Operations.Dispatching;

/// <content>What a lane gets when it asks for more.</content>
internal sealed partial class Dispatcher<TInput, TResult>
{
    /// <summary>Gives an empty lane its next hand-off, or parks it.</summary>
    public bool Refill(OperationLane<TInput, TResult> lane)
    {
        OperationLane<TInput, TResult>? another = null;
        IPermitHeir? heir = null;
        int count = 0;
        lock (_gate)
        {
            if (lane.State == LaneState.Closed)
            {
                if (!lane.Blocks)
                {
                    Exit(lane);
                }
            }
            else
            {
                long now = _clock.Now;
                bool woken = Arrive(lane);
                int most = MostFor(lane);
                lane.Stamp = now;
                if (lane.State == LaneState.Active && !ShouldRest(lane, woken))
                {
                    count = Gather(lane, now, most);
                }

                if (count == 0)
                {
                    heir = Park(lane, now);
                }
                else if (woken && lane.RousedFor is { } since)
                {
                    lane.Metrics.Trigger.Record(_clock.ToNanoseconds(now - since));
                }

                another = Choose(now);
            }
        }

        heir?.Inherit();
        Wake(another);
        if (count > 0)
        {
            _batch.RecordHandOff(count);
        }
        else
        {
            FinishIfLeft();
        }

        return count > 0;
    }

    private bool Arrive(OperationLane<TInput, TResult> lane)
    {
        if (lane.State != LaneState.Waking)
        {
            return false;
        }

        lane.State = LaneState.Active;
        _waking--;
        return true;
    }

    /// <summary>Whether a lane should give its place to others. One that just came has a hand-off first, or none would ever work.</summary>
    private bool ShouldRest(OperationLane<TInput, TResult> lane, bool woken)
    {
        if (_stopping || (!lane.IsOnLoan && _limit.IsExceeded))
        {
            return true;
        }

        return !woken && (lane.IsOnLoan ? _starter!.IsWanted : _limit.IsOverShare(_active, _waitsForPlace));
    }

    /// <summary>Fills a lane's hand-off from the queue, or with half of what the lane with the most left has not started.</summary>
    private int Gather(OperationLane<TInput, TResult> lane, long now, int most)
    {
        if (_options.WholeHandOffs)
        {
            GatherWhole(now);
        }
        else
        {
            GatherShare(most);
        }

        int count = _gathered.Count;
        if (count == 0)
        {
            return 0;
        }

        if (_options.WholeHandOffs)
        {
            count = _gathered[0].Group!.Length;
        }

        lane.HandOff.Fill(_gathered);
        lane.Metrics.HandOffs++;
        lane.GivenAt = now;
        lane.Given = count;
        _gathered.Clear();
        return count;
    }

    /// <summary>
    /// How many operations the lane does in the flush time, going by its last hand-off. What waits behind long operations in a hand-off
    /// loses its turn to later ones in others, and a hand-off of one costs next to nothing beside them.
    /// </summary>
    private int MostFor(OperationLane<TInput, TResult> lane)
    {
        long each = lane.Given == 0 ? 0 : (lane.Stamp - lane.GivenAt) / lane.Given;
        long time = Math.Max(FlushUnits, _clock.ToUnits(TimeSpan.FromMilliseconds(1)));
        return each <= 0 ? int.MaxValue : (int)Math.Clamp(time / each, 1, int.MaxValue);
    }

    private void GatherShare(int most)
    {
        int size = Math.Min((_queue.Count + LaneLimit - 1) / LaneLimit, Math.Min(BatchSize, most));
        while (_gathered.Count < size && _queue.TryTake(out Operation<TInput>? operation))
        {
            _gathered.Add(operation);

            // One of a limited type keeps its gate until it ends: nothing else may make it wait in this hand-off.
            if (operation.Gate is not null)
            {
                break;
            }
        }

        if (_gathered.Count == 0)
        {
            TakeOver();
        }
    }

    private void GatherWhole(long now)
    {
        if (_groups.TryDequeue(out Operation<TInput>? again))
        {
            _gathered.Add(again);
            return;
        }

        if (!IsDue(now))
        {
            return;
        }

        while (_gathered.Count < BatchSize && _queue.TryTake(out Operation<TInput>? operation))
        {
            _gathered.Add(operation);
        }

        Operation<TInput> first = _gathered[0];
        first.Group = [.. _gathered];
        _gathered.Clear();
        _gathered.Add(first);
    }

    /// <summary>Takes back what a lane has not started; it is the next to go out again.</summary>
    private void TakeBack(OperationLane<TInput, TResult> lane)
    {
        while (lane.HandOff.TryTakeLast(out Operation<TInput>? operation))
        {
            if (operation.Group is null)
            {
                _queue.Return(operation);
            }
            else
            {
                _groups.Enqueue(operation);
            }
        }
    }

    private void TakeOver()
    {
        OperationLane<TInput, TResult>? richest = null;
        int most = 0;
        foreach (OperationLane<TInput, TResult> lane in _lanes)
        {
            int left = lane.HandOff.Count;
            if (left > most)
            {
                (richest, most) = (lane, left);
            }
        }

        for (int taken = 0; taken < (most + 1) / 2 && richest!.HandOff.TryTakeLast(out Operation<TInput>? operation); taken++)
        {
            _gathered.Add(operation);
        }

        _gathered.Reverse();
    }

    private IPermitHeir? Park(OperationLane<TInput, TResult> lane, long now)
    {
        if (lane.State == LaneState.Parked)
        {
            return null;
        }

        lane.State = LaneState.Parked;
        lane.ParkedAt = now;
        _parked.Add(lane);
        _timer.ArmBy(now + _clock.ToUnits(IdleTime));
        if (!lane.Blocks)
        {
            Exit(lane);
        }

        return GivePlace(lane);
    }
}

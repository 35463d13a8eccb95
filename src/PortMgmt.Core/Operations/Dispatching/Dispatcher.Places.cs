using PortMgmt.Operations.Concurrency;

namespace PortMgmt.Operations.Dispatching;

/// <content>Places under the limit: a batch's own, and the one that the operation which started it may lend.</content>
internal sealed partial class Dispatcher<TInput, TResult> : IPermitHeir
{
    /// <summary>The place of the operation within which the batch was started, if that is under the same limit.</summary>
    private readonly StarterLoan? _starter;

    private readonly LoanHeir _loanHeir;

    /// <summary>A lane of this batch has the starter's place, or is about to.</summary>
    private bool _hasLoan;

    /// <summary>The starter's place was taken for the lane that is roused next.</summary>
    private bool _borrowed;

    /// <summary>Another batch has the starter's place, and this one is remembered for it.</summary>
    private bool _waitsForLoan;

    /// <summary>The limit has no place free, and the batch is remembered for the next.</summary>
    private bool _waitsForPlace;

    /// <summary>The most lanes that may hold a place at once.</summary>
    public int LaneLimit => Math.Min(OwnLaneLimit, _limit.Limit);

    private int OwnLaneLimit => _options.MaxConcurrent ?? int.MaxValue;

    /// <summary>Asking for the starter's place may help.</summary>
    private bool MayBorrow => _starter is { IsOpen: true } && !_hasLoan && !_waitsForLoan;

    /// <inheritdoc/>
    public void Inherit()
    {
        OperationLane<TInput, TResult>? lane;
        lock (_gate)
        {
            _waitsForPlace = false;
            lane = Occupy();
        }

        if (lane is null)
        {
            _limit.Give(this)?.Inherit();
        }
        else
        {
            Wake(lane);
        }
    }

    private void InheritLoan()
    {
        OperationLane<TInput, TResult>? lane;
        lock (_gate)
        {
            _waitsForLoan = false;
            _borrowed = _hasLoan = _starter!.IsOpen;
            lane = _hasLoan ? Occupy() : null;
            if (lane is null)
            {
                _borrowed = _hasLoan = false;
            }
        }

        if (lane is null)
        {
            _starter.Return()?.Inherit();
        }
        else
        {
            Wake(lane);
        }
    }

    /// <summary>Rouses a lane for a place that was passed on, if there is work for it. Under the gate.</summary>
    private OperationLane<TInput, TResult>? Occupy()
    {
        if (_stopping || CountPieces() == 0 || _active >= OwnLaneLimit)
        {
            return null;
        }

        _active++;
        return Rouse(_clock.Now);
    }

    private bool TryTakePlace(long now)
    {
        if (_active >= OwnLaneLimit)
        {
            return false;
        }

        if (_parked.Count == 0 && _active > 0 && now < _growAgainAt)
        {
            _timer.ArmBy(_growAgainAt);
            return false;
        }

        if (!TryBorrow() && !TryTakeOwn(now))
        {
            return false;
        }

        _active++;
        return true;
    }

    private bool TryBorrow()
    {
        if (!MayBorrow)
        {
            return false;
        }

        _borrowed = _hasLoan = _starter!.TryBorrow(_loanHeir);
        _waitsForLoan = !_hasLoan;
        return _hasLoan;
    }

    private bool TryTakeOwn(long now)
    {
        if (_waitsForPlace)
        {
            return false;
        }

        _waitsForPlace = !_limit.TryTake(this);
        if (_waitsForPlace && _limit.CanGrow)
        {
            _timer.ArmBy(now + FlushUnits);
        }

        return !_waitsForPlace;
    }

    /// <summary>Who is returned got the place and must be told, outside of any lock.</summary>
    private IPermitHeir? GivePlace(OperationLane<TInput, TResult> lane)
    {
        _active--;
        if (!lane.IsOnLoan)
        {
            return _limit.Give(this);
        }

        lane.IsOnLoan = _hasLoan = false;
        return _starter!.Return();
    }

    /// <summary>The batch as one that waits for its starter's place.</summary>
    private sealed class LoanHeir(Dispatcher<TInput, TResult> batch) : IPermitHeir
    {
        public void Inherit() => batch.InheritLoan();
    }
}

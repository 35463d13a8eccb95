using PortMgmt.Operations.Concurrency;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// The permits of a batch: its own under the shared limit, and the one that it may borrow of the operation which started it. The only one
/// in a batch that waits for permits. Not thread-safe: guarded by the dispatcher's lock, but for what says otherwise.
/// </summary>
internal sealed class BatchPermits : IPermitWaiter
{
    private readonly ConcurrencyLimit _limit;
    private readonly BorrowedPermit? _starter;
    private readonly int _maxHeld;
    private readonly LockAssertion _dispatcherLock;
    private readonly Action<bool> _onGranted;
    private readonly BorrowedWaiter _borrowedWaiter;

    /// <summary>A lane of this batch has the starter's permit, or is about to.</summary>
    private bool _hasBorrowed;

    /// <summary>Another batch has the starter's permit, and this one is remembered for it.</summary>
    private bool _waitsForBorrowed;

    /// <param name="limit">The limit that the batch shares with others.</param>
    /// <param name="starter">The permit of the operation within which the batch was started, if that is under the same limit.</param>
    /// <param name="maxHeld">The most permits that the batch may hold, whatever the limit says.</param>
    /// <param name="dispatcherLock">The lock that guards this.</param>
    /// <param name="onGranted">
    /// Told, without any lock held, that a permit was passed on, and whether it is borrowed. It asks <see cref="Receive"/> whether that
    /// permit is of use, and then either keeps it or gives it back.
    /// </param>
    public BatchPermits(ConcurrencyLimit limit, BorrowedPermit? starter, int maxHeld, LockAssertion dispatcherLock, Action<bool> onGranted)
    {
        _limit = limit;
        _starter = starter;
        _maxHeld = maxHeld;
        _dispatcherLock = dispatcherLock;
        _onGranted = onGranted;
        _borrowedWaiter = new BorrowedWaiter(this);
    }

    /// <summary>How many permits the batch holds: one for each lane that is woken or at work.</summary>
    public int Held { get; private set; }

    /// <summary>The most lanes that may hold a permit at once. Any thread.</summary>
    public int LaneLimit => Math.Min(_maxHeld, _limit.Limit);

    /// <summary>The limit has no permit free, and the batch is remembered for the next.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>The batch may hold one more, if there is one.</summary>
    public bool HasRoom => Held < _maxHeld;

    /// <summary>Asking for a permit may help.</summary>
    public bool MayAsk => !IsWaiting || MayBorrow;

    /// <summary>The batch waits under a limit that may grow.</summary>
    public bool IsWaitingForGrowth => IsWaiting && _limit.CanGrow;

    private bool MayBorrow => _starter is { IsOpen: true } && !_hasBorrowed && !_waitsForBorrowed;

    /// <summary>Takes a permit, or has the batch remembered for the next.</summary>
    /// <param name="borrowed">It is the starter's.</param>
    public bool TryTake(out bool borrowed)
    {
        _dispatcherLock.AssertHeld();
        borrowed = TryBorrow();
        if (!borrowed && !TryTakeOwn())
        {
            return false;
        }

        Held++;
        return true;
    }

    /// <summary>Gives a permit back.</summary>
    /// <param name="borrowed">It is the starter's.</param>
    /// <returns>Who has it now and must be told, outside of any lock; null for nobody.</returns>
    public IPermitWaiter? Give(bool borrowed)
    {
        _dispatcherLock.AssertHeld();
        Held--;
        return PassOn(borrowed);
    }

    /// <summary>A permit was passed on to the batch, which does not wait for it any longer.</summary>
    /// <param name="borrowed">It is the starter's.</param>
    /// <returns>Whether it may be used.</returns>
    public bool Receive(bool borrowed)
    {
        _dispatcherLock.AssertHeld();
        if (!borrowed)
        {
            IsWaiting = false;
            return HasRoom;
        }

        _waitsForBorrowed = false;
        _hasBorrowed = true;
        return _starter!.IsOpen && HasRoom;
    }

    /// <summary>The batch uses the permit that it received.</summary>
    public void Keep()
    {
        _dispatcherLock.AssertHeld();
        Held++;
    }

    /// <summary>The batch has no use for the permit that it received.</summary>
    /// <param name="borrowed">It is the starter's.</param>
    /// <returns>Who has it now and must be told, outside of any lock; null for nobody.</returns>
    public IPermitWaiter? Decline(bool borrowed)
    {
        _dispatcherLock.AssertHeld();
        return PassOn(borrowed);
    }

    /// <summary>Whether a lane should give its permit to others. One that just came has a chunk first, or none would ever work.</summary>
    /// <param name="borrowed">Its permit is the starter's.</param>
    /// <param name="justCame">It was woken and has had no chunk since.</param>
    public bool ShouldGive(bool borrowed, bool justCame)
    {
        _dispatcherLock.AssertHeld();
        if (!borrowed && _limit.IsExceeded)
        {
            return true;
        }

        return !justCame && (borrowed ? _starter!.IsWanted : _limit.IsOverShare(Held, IsWaiting));
    }

    /// <summary>Raises a limit that nobody set by one permit.</summary>
    /// <returns>Who has a permit now and must be told, outside of any lock.</returns>
    public List<IPermitWaiter> GrowLimit()
    {
        _dispatcherLock.AssertHeld();
        return _limit.Grow();
    }

    void IPermitWaiter.OnPermitGranted() => _onGranted(false);

    private bool TryBorrow()
    {
        if (!MayBorrow)
        {
            return false;
        }

        _hasBorrowed = _starter!.TryBorrow(_borrowedWaiter);
        _waitsForBorrowed = !_hasBorrowed;
        return _hasBorrowed;
    }

    private bool TryTakeOwn()
    {
        if (IsWaiting)
        {
            return false;
        }

        IsWaiting = !_limit.TryTake(this);
        return !IsWaiting;
    }

    private IPermitWaiter? PassOn(bool borrowed)
    {
        if (!borrowed)
        {
            return _limit.Give(this);
        }

        _hasBorrowed = false;
        return _starter!.Return();
    }

    /// <summary>The batch as one that waits for its starter's permit.</summary>
    private sealed class BorrowedWaiter(BatchPermits owner) : IPermitWaiter
    {
        public void OnPermitGranted() => owner._onGranted(true);
    }
}

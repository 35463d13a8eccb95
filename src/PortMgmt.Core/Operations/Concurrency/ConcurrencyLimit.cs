namespace PortMgmt.Operations.Concurrency;

/// <summary>
/// The hard limit on running lanes, shared by the batches of a scheduler. A batch that finds no permit is remembered and gets
/// the next one that another gives back, so no batch keeps another waiting for longer than a chunk. Thread-safe.
/// </summary>
internal sealed class ConcurrencyLimit(int initial, int ceiling)
{
    private readonly Lock _lock = new();
    private readonly Queue<IPermitWaiter> _waiters = new();
    private int _floor = initial;
    private int _ceiling = ceiling;
    private int _limit = initial;
    private int _active;
    private int _peak;
    private int _batches;

    public int Limit => Volatile.Read(ref _limit);

    public int Active => Volatile.Read(ref _active);

    /// <summary>The most permits that were ever held at once.</summary>
    public int Peak => Volatile.Read(ref _peak);

    /// <summary>Whether the limit may still grow for operations that mostly wait.</summary>
    public bool CanGrow => Volatile.Read(ref _limit) < Volatile.Read(ref _ceiling);

    public void Join() => Interlocked.Increment(ref _batches);

    /// <summary>A batch has ended. After the last one the limit is what it was before it grew.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (Interlocked.Decrement(ref _batches) == 0)
            {
                _limit = _floor;
            }
        }
    }

    /// <summary>Takes a permit, or remembers the batch for the next free one. A batch that is remembered already must not ask.</summary>
    public bool TryTake(IPermitWaiter waiter)
    {
        lock (_lock)
        {
            if (_active >= _limit)
            {
                _waiters.Enqueue(waiter);
                return false;
            }

            _peak = Math.Max(_peak, ++_active);
            return true;
        }
    }

    /// <summary>
    /// Gives a permit back. The batch that is returned has it now and must be told, outside of any lock; it is another than the
    /// giver wherever another waits.
    /// </summary>
    public IPermitWaiter? Give(IPermitWaiter giver)
    {
        lock (_lock)
        {
            if (_active > _limit || !_waiters.TryDequeue(out IPermitWaiter? waiter))
            {
                _active--;
                return null;
            }

            if (waiter != giver || !_waiters.TryDequeue(out IPermitWaiter? other))
            {
                return waiter;
            }

            _waiters.Enqueue(giver);
            return other;
        }
    }

    /// <summary>More permits are held than there are since the limit was lowered.</summary>
    public bool IsExceeded => Volatile.Read(ref _active) > Volatile.Read(ref _limit);

    /// <summary>Whether a batch should give up a permit because another waits for one and this one has more than its share.</summary>
    /// <param name="held">How many permits the batch has.</param>
    /// <param name="waits">Whether it waits for one more itself.</param>
    public bool IsOverShare(int held, bool waits)
    {
        int others = _waiters.Count - (waits ? 1 : 0);

        // Where there are more batches than permits the share is none, and they take turns.
        return others > 0 && held > Limit / Math.Max(1, Volatile.Read(ref _batches));
    }

    /// <summary>Raises the limit by one permit, up to the ceiling.</summary>
    public List<IPermitWaiter> Grow()
    {
        lock (_lock)
        {
            _limit = Math.Min(_limit + 1, _ceiling);
            return GrantFree();
        }
    }

    /// <summary>Sets the limit. The batches that are returned have got a permit each and must be told, outside of any lock.</summary>
    public List<IPermitWaiter> Set(int initial, int ceiling)
    {
        lock (_lock)
        {
            _floor = initial;
            _ceiling = ceiling;
            _limit = initial;
            return GrantFree();
        }
    }

    private List<IPermitWaiter> GrantFree()
    {
        List<IPermitWaiter> granted = [];
        while (_active < _limit && _waiters.TryDequeue(out IPermitWaiter? waiter))
        {
            _peak = Math.Max(_peak, ++_active);
            granted.Add(waiter);
        }

        return granted;
    }
}

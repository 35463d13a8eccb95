namespace PortMgmt.Operations.Concurrency;

/// <summary>
/// The hard limit on running lanes, shared by the batches of a scheduler. A batch that finds no place is remembered and inherits
/// the next one that another gives back, so no batch keeps another waiting for longer than a hand-off. Thread-safe.
/// </summary>
internal sealed class ConcurrencyLimit(int initial, int ceiling)
{
    private readonly Lock _lock = new();
    private readonly Queue<IPermitHeir> _heirs = new();
    private int _floor = initial;
    private int _ceiling = ceiling;
    private int _limit = initial;
    private int _active;
    private int _peak;
    private int _batches;

    public int Limit => Volatile.Read(ref _limit);

    public int Active => Volatile.Read(ref _active);

    /// <summary>The most places that were ever taken at once.</summary>
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

    /// <summary>Takes a place, or remembers the batch for the next free one. A batch that is remembered already must not ask.</summary>
    public bool TryTake(IPermitHeir heir)
    {
        lock (_lock)
        {
            if (_active >= _limit)
            {
                _heirs.Enqueue(heir);
                return false;
            }

            _peak = Math.Max(_peak, ++_active);
            return true;
        }
    }

    /// <summary>
    /// Gives a place back. The batch that is returned has inherited it and must be told, outside of any lock; it is another than the
    /// giver wherever another waits.
    /// </summary>
    public IPermitHeir? Give(IPermitHeir giver)
    {
        lock (_lock)
        {
            if (_active > _limit || !_heirs.TryDequeue(out IPermitHeir? heir))
            {
                _active--;
                return null;
            }

            if (heir != giver || !_heirs.TryDequeue(out IPermitHeir? other))
            {
                return heir;
            }

            _heirs.Enqueue(giver);
            return other;
        }
    }

    /// <summary>More places are taken than there are since the limit was lowered.</summary>
    public bool IsExceeded => Volatile.Read(ref _active) > Volatile.Read(ref _limit);

    /// <summary>Whether a batch should give up a place because another waits for one and this one has more than its share.</summary>
    /// <param name="held">How many places the batch has.</param>
    /// <param name="waits">Whether it waits for one more itself.</param>
    public bool IsOverShare(int held, bool waits)
    {
        int others = _heirs.Count - (waits ? 1 : 0);

        // Where there are more batches than places the share is none, and they take turns.
        return others > 0 && held > Limit / Math.Max(1, Volatile.Read(ref _batches));
    }

    /// <summary>Raises the limit by one place, up to the ceiling.</summary>
    public List<IPermitHeir> Grow()
    {
        lock (_lock)
        {
            _limit = Math.Min(_limit + 1, _ceiling);
            return Inheritors();
        }
    }

    /// <summary>Sets the limit. The batches that are returned have inherited a place each and must be told, outside of any lock.</summary>
    public List<IPermitHeir> Set(int initial, int ceiling)
    {
        lock (_lock)
        {
            _floor = initial;
            _ceiling = ceiling;
            _limit = initial;
            return Inheritors();
        }
    }

    private List<IPermitHeir> Inheritors()
    {
        List<IPermitHeir> inheritors = [];
        while (_active < _limit && _heirs.TryDequeue(out IPermitHeir? heir))
        {
            _peak = Math.Max(_peak, ++_active);
            inheritors.Add(heir);
        }

        return inheritors;
    }
}

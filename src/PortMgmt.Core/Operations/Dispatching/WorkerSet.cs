namespace PortMgmt.Operations.Dispatching;

/// <summary>The lanes of a batch: which are woken, at work, parked, or leaving. Not thread-safe: guarded by the dispatcher's lock.</summary>
/// <param name="create">Makes the lane of a number.</param>
/// <param name="dispatcherLock">The lock that guards the set.</param>
internal sealed class WorkerSet<TInput>(Func<int, WorkerSlot<TInput>> create, LockAssertion dispatcherLock)
{
    private readonly List<WorkerSlot<TInput>> _open = [];

    /// <summary>Those without work, the one idle longest first. Taken from the end: its caches are warm, and the others may be let go.</summary>
    private readonly List<WorkerSlot<TInput>> _parked = [];

    /// <summary>Closed lanes whose workers are to be disposed of once the lock is free.</summary>
    private readonly List<WorkerSlot<TInput>> _leaving = [];

    private int _made;

    /// <summary>Lanes whose workers have not returned from their pull.</summary>
    private int _inside;

    /// <summary>Lanes whose workers are being disposed of.</summary>
    private int _retiring;

    /// <summary>All lanes that are not closed.</summary>
    public List<WorkerSlot<TInput>> Open => _open;

    /// <summary>Lanes woken that have not come for their work yet.</summary>
    public int Waking { get; private set; }

    public bool HasParked => _parked.Count > 0;

    /// <summary>The lane that has been without work for the longest time; null for none.</summary>
    public WorkerSlot<TInput>? LongestParked => _parked.Count > 0 ? _parked[0] : null;

    /// <summary>Workers that have not left.</summary>
    public int Remaining => _inside + _retiring;

    /// <summary>Takes a parked lane, or makes one, that is to be woken once the lock is free. It holds a permit.</summary>
    /// <param name="since">When the operation could run for which it is woken.</param>
    /// <param name="borrowed">Its permit is borrowed.</param>
    public WorkerSlot<TInput> Wake(long since, bool borrowed)
    {
        dispatcherLock.AssertHeld();
        WorkerSlot<TInput> slot;
        if (_parked.Count > 0)
        {
            slot = _parked[^1];
            _parked.RemoveAt(_parked.Count - 1);
            slot.WokenFor = since;
        }
        else
        {
            slot = create(++_made);
            _open.Add(slot);
        }

        slot.HasBorrowedPermit = borrowed;
        slot.State = LaneState.Waking;
        Waking++;
        if (!slot.IsInside)
        {
            slot.IsInside = true;
            _inside++;
        }

        return slot;
    }

    /// <summary>A lane came for work.</summary>
    /// <returns>Whether it had been woken for that.</returns>
    public bool Arrive(WorkerSlot<TInput> slot)
    {
        dispatcherLock.AssertHeld();
        if (slot.State != LaneState.Waking)
        {
            return false;
        }

        slot.State = LaneState.Active;
        Waking--;
        return true;
    }

    /// <summary>There is no work for a lane. It holds no permit any more.</summary>
    public void Park(WorkerSlot<TInput> slot, long now)
    {
        dispatcherLock.AssertHeld();
        slot.State = LaneState.Parked;
        slot.ParkedAt = now;
        _parked.Add(slot);
        if (!slot.Host.Blocks)
        {
            Exit(slot);
        }
    }

    /// <summary>A worker returned from its pull.</summary>
    public void Exit(WorkerSlot<TInput> slot)
    {
        dispatcherLock.AssertHeld();
        if (!slot.IsInside)
        {
            return;
        }

        slot.IsInside = false;
        _inside--;
        if (slot.State == LaneState.Closed)
        {
            _leaving.Add(slot);
        }
    }

    /// <summary>Closes a lane that is open.</summary>
    /// <returns>Whether it held a permit.</returns>
    public bool Close(WorkerSlot<TInput> slot)
    {
        dispatcherLock.AssertHeld();
        LaneState before = slot.State;
        slot.State = LaneState.Closed;
        _open.Remove(slot);
        if (!slot.IsInside)
        {
            _leaving.Add(slot);
        }

        if (before == LaneState.Parked)
        {
            _parked.Remove(slot);
            return false;
        }

        if (before == LaneState.Waking)
        {
            Waking--;
        }

        return true;
    }

    /// <summary>Nobody waits any longer for the worker of a closed lane, which does not return.</summary>
    public void GiveUp(WorkerSlot<TInput> slot)
    {
        dispatcherLock.AssertHeld();
        slot.IsInside = false;
        _inside--;
    }

    /// <summary>A worker that had been given up returned after all.</summary>
    public void ComeBack(WorkerSlot<TInput> slot)
    {
        dispatcherLock.AssertHeld();
        _leaving.Add(slot);
    }

    /// <summary>Takes the lanes whose workers have left; the caller disposes of them and says so with <see cref="Retired"/>.</summary>
    public WorkerSlot<TInput>[] TakeLeaving()
    {
        dispatcherLock.AssertHeld();
        if (_leaving.Count == 0)
        {
            return [];
        }

        WorkerSlot<TInput>[] leaving = [.. _leaving];
        _leaving.Clear();
        _retiring += leaving.Length;
        return leaving;
    }

    /// <summary>Workers were disposed of.</summary>
    public void Retired(int count)
    {
        dispatcherLock.AssertHeld();
        _retiring -= count;
    }

    /// <summary>The lane that has most left to start; null when none has anything.</summary>
    public WorkerSlot<TInput>? FindMostLoaded()
    {
        dispatcherLock.AssertHeld();
        WorkerSlot<TInput>? found = null;
        int left = 0;
        foreach (WorkerSlot<TInput> slot in _open)
        {
            int count = slot.Chunk.Count;
            if (count > left)
            {
                (found, left) = (slot, count);
            }
        }

        return found;
    }
}

using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// Decides whether one more lane should come for work, and which. Not thread-safe: guarded by the dispatcher's lock. What is returned
/// is woken once the lock is free.
/// </summary>
internal sealed class LaneSelector<TInput>(
    DispatchState state,
    ReadyQueue<TInput> ready,
    WorkerSet<TInput> workers,
    BatchPermits permits,
    DeadlineTimer timer,
    bool deliverAsChunk,
    LockAssertion dispatcherLock)
{
    /// <summary>No new worker is tried before then: the last one could not be started, and others do the work.</summary>
    private long _growAgainAt = long.MinValue;

    /// <summary>
    /// Selects a lane for what waits. An idle one gets what there is at once. Where all are busy, operations gather to the chunk size
    /// first, and the oldest waits for the flush time at most. Each lane that comes has another selected, so that they follow each other
    /// without a herd that finds nothing.
    /// </summary>
    public WorkerSlot<TInput>? SelectLane(long now)
    {
        dispatcherLock.AssertHeld();
        if (state.IsStopping || !permits.MayAsk || workers.Waking >= Math.Min(ready.CountPieces(), Environment.ProcessorCount))
        {
            return null;
        }

        bool isIdle = !deliverAsChunk && (workers.HasParked || permits.Held == 0);
        if (!isIdle && !ready.IsDue(now))
        {
            if (permits.Held < permits.LaneLimit)
            {
                timer.ArmBy(ready.OldestReadyAt + state.FlushUnits);
            }

            return null;
        }

        return TryTakePermit(now, out bool borrowed) ? workers.Wake(isIdle ? ready.OldestReadyAt : now, borrowed) : null;
    }

    /// <summary>Selects a lane for a permit that was passed on, if there is work for it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="borrowed">The permit is borrowed.</param>
    public WorkerSlot<TInput>? SelectForPermit(long now, bool borrowed)
    {
        dispatcherLock.AssertHeld();
        if (!permits.Receive(borrowed) || state.IsStopping || ready.CountPieces() == 0)
        {
            return null;
        }

        permits.Keep();
        return workers.Wake(now, borrowed);
    }

    /// <summary>Makes no new worker before a time, while others do the work.</summary>
    public void PauseGrowth(long until)
    {
        dispatcherLock.AssertHeld();
        _growAgainAt = until;
    }

    private bool TryTakePermit(long now, out bool borrowed)
    {
        borrowed = false;
        if (!permits.HasRoom)
        {
            return false;
        }

        if (!workers.HasParked && permits.Held > 0 && now < _growAgainAt)
        {
            timer.ArmBy(_growAgainAt);
            return false;
        }

        bool waited = permits.IsWaiting;
        if (permits.TryTake(out borrowed))
        {
            return true;
        }

        if (!waited && permits.IsWaitingForGrowth)
        {
            timer.ArmBy(now + state.FlushUnits);
        }

        return false;
    }
}

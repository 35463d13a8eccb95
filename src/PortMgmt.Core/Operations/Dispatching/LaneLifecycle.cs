using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// How lanes get their chunks, park and close, with what follows for the queue and the permits. Not thread-safe: guarded by the
/// dispatcher's lock.
/// </summary>
internal sealed class LaneLifecycle<TInput>(
    DispatchState state,
    ReadyQueue<TInput> ready,
    WorkerSet<TInput> workers,
    BatchPermits permits,
    ChunkBuilder<TInput> builder,
    LateChunks<TInput> late,
    OperationClock clock,
    DeadlineTimer timer,
    LockAssertion dispatcherLock)
{
    /// <summary>How long a lane without work is kept: opening a worker again may be dear.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    /// <summary>Gives an empty lane that is open its next chunk, or parks it.</summary>
    /// <returns>How many operations it got.</returns>
    public int Refill(WorkerSlot<TInput> slot, long now, ref DeferredActions<TInput> deferred)
    {
        dispatcherLock.AssertHeld();
        bool woken = workers.Arrive(slot);
        int pace = slot.GivenAt < state.MeasuredSince ? 1 : ChunkSizing.Pace(slot.Attempt.Stamp - slot.GivenAt, slot.Given, state.PaceUnits);
        slot.Attempt.Stamp = now;
        int count = 0;
        if (slot.State == LaneState.Active && !state.IsStopping && !permits.ShouldGive(slot.HasBorrowedPermit, woken))
        {
            count = builder.Fill(slot, now, pace);
        }

        if (count == 0)
        {
            Park(slot, now, ref deferred);
        }
        else if (woken && slot.WokenFor is { } since)
        {
            slot.Metrics.Trigger.Record(clock.ToNanoseconds(now - since));
        }

        if (slot.Chunk.Count > 1)
        {
            late.Watch(now);
        }

        return count;
    }

    /// <summary>Closes a lane and takes back what it had not started.</summary>
    public void Close(WorkerSlot<TInput> slot, ref DeferredActions<TInput> deferred)
    {
        dispatcherLock.AssertHeld();
        if (slot.State == LaneState.Closed)
        {
            return;
        }

        bool heldPermit = workers.Close(slot);
        ready.TakeBack(slot.Chunk);
        slot.Host.Unblock();
        if (heldPermit)
        {
            GivePermit(slot, ref deferred);
        }
    }

    /// <summary>Closes lanes that have been without work for long.</summary>
    public void CloseIdle(long now, ref DeferredActions<TInput> deferred)
    {
        dispatcherLock.AssertHeld();
        while (workers.LongestParked is { } slot)
        {
            long due = slot.ParkedAt + clock.ToUnits(IdleTime);
            if (due > now)
            {
                timer.ArmBy(due);
                break;
            }

            Close(slot, ref deferred);
        }
    }

    private void Park(WorkerSlot<TInput> slot, long now, ref DeferredActions<TInput> deferred)
    {
        dispatcherLock.AssertHeld();
        if (slot.State == LaneState.Parked)
        {
            return;
        }

        workers.Park(slot, now);
        timer.ArmBy(now + clock.ToUnits(IdleTime));
        GivePermit(slot, ref deferred);
    }

    private void GivePermit(WorkerSlot<TInput> slot, ref DeferredActions<TInput> deferred)
    {
        dispatcherLock.AssertHeld();
        bool borrowed = slot.HasBorrowedPermit;
        slot.HasBorrowedPermit = false;
        deferred.Grant(permits.Give(borrowed));
    }
}

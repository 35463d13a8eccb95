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
    /// <param name="slot">The lane.</param>
    /// <param name="now">The time.</param>
    /// <param name="given">How many operations were handed out to it; 0 where it goes on with others' chunk.</param>
    /// <param name="deferred">What is done after the lock.</param>
    /// <returns>Whether it has something to start.</returns>
    public bool TryRefill(WorkerSlot<TInput> slot, long now, out int given, ref DeferredActions<TInput> deferred)
    {
        dispatcherLock.AssertHeld();
        bool woken = workers.Arrive(slot);
        int pace = slot.GivenAt < state.MeasuredSince ? 1 : ChunkSizing.Pace(slot.Attempt.Stamp - slot.GivenAt, slot.Started, state.PaceUnits);
        slot.Attempt.Stamp = now;
        given = 0;
        if (slot.State != LaneState.Active || state.IsStopping || permits.ShouldGive(slot.HasBorrowedPermit, woken) || !TryGive(slot, now, pace, out given))
        {
            Park(slot, now, ref deferred);
            return false;
        }

        slot.HasWorked = true;
        slot.GivenAt = now;
        slot.Started = 0;
        if (woken && slot.WokenFor is { } since)
        {
            slot.Metrics.Trigger.Record(clock.ToNanoseconds(now - since));
        }

        if (slot.Chunk.Count > 1)
        {
            late.Watch(now);
        }

        return true;
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

    private bool TryGive(WorkerSlot<TInput> slot, long now, int pace, out int given)
    {
        given = 0;
        if (builder.TryJoin(slot))
        {
            return true;
        }

        given = builder.Fill(slot, now, pace);
        return given > 0 || builder.TryJoinAny(slot);
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

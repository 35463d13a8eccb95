using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// Takes back what waits behind operations that take longer than their chunk was made for, so that the first free lane has it. Not
/// thread-safe: guarded by the dispatcher's lock.
/// </summary>
internal sealed class LateChunks<TInput>(
    DispatchState state, ReadyQueue<TInput> ready, WorkerSet<TInput> workers, DeadlineTimer timer, LockAssertion dispatcherLock)
{
    /// <summary>A lane got several operations: it is looked at when they should have ended.</summary>
    public void Watch(long now)
    {
        dispatcherLock.AssertHeld();
        timer.ArmBy(now + state.PaceUnits);
    }

    /// <summary>Takes back what is late, and looks again at the rest in time.</summary>
    public void TakeBack(long now)
    {
        dispatcherLock.AssertHeld();
        foreach (WorkerSlot<TInput> slot in workers.Open)
        {
            int left = slot.Chunk.Count;
            if (left == 0 || (left == 1 && slot.Attempt.Current is null))
            {
                // Nothing waits behind another.
                continue;
            }

            long due = FindDue(slot);
            if (due > now)
            {
                timer.ArmBy(due);
                continue;
            }

            // What was measured before is no guide to what comes next.
            state.MeasuredSince = now;
            ready.TakeBack(slot.Chunk);
        }
    }

    /// <summary>An operation may take what a chunk should, and a chunk twice that: operations are not equal.</summary>
    private long FindDue(WorkerSlot<TInput> slot)
    {
        long chunkDue = slot.GivenAt + (2 * state.PaceUnits);
        return slot.Attempt.Current is { } operation ? Math.Min(operation.StartedAt + state.PaceUnits, chunkDue) : chunkDue;
    }
}

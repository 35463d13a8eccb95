using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations.Dispatching;

/// <summary>Gives a lane its next chunk. Not thread-safe: guarded by the dispatcher's lock.</summary>
internal sealed class ChunkBuilder<TInput>(
    DispatchState state, ReadyQueue<TInput> ready, WorkerSet<TInput> workers, BatchPermits permits, bool deliverAsChunk, LockAssertion dispatcherLock)
{
    private readonly List<Operation<TInput>> _gathered = [];
    private readonly UnstartedChunks<TInput> _unstarted = new(dispatcherLock);

    /// <summary>
    /// Has a lane join another's chunk, of which something waits behind an operation. Nobody knows how long that takes which has just
    /// begun, so nothing of the queue may pass what waits behind it, unless by priority.
    /// </summary>
    /// <param name="slot">The lane, which has nothing left.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryJoin(WorkerSlot<TInput> slot)
    {
        dispatcherLock.AssertHeld();
        if (deliverAsChunk
            || !_unstarted.TryFindFirst(out Chunk<TInput>? chunk, out Operation<TInput>? next)
            || (ready.First is { } waiting && PriorityLevels<TInput>.ComesBefore(waiting, next)))
        {
            return false;
        }

        Join(slot, chunk);
        return true;
    }

    /// <summary>Has a lane join whatever chunk has most left, such as one whose lane the system has put aside before it started.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryJoinAny(WorkerSlot<TInput> slot)
    {
        dispatcherLock.AssertHeld();
        if (deliverAsChunk || workers.FindMostLoaded() is not { } loaded)
        {
            return false;
        }

        Join(slot, loaded.Chunk);
        return true;
    }

    /// <summary>Fills a lane's chunk from the queue.</summary>
    /// <param name="slot">The lane, which has nothing left.</param>
    /// <param name="now">The time.</param>
    /// <param name="pace">How many operations the lane does in the time that a chunk should take.</param>
    /// <returns>How many operations it got.</returns>
    public int Fill(WorkerSlot<TInput> slot, long now, int pace)
    {
        dispatcherLock.AssertHeld();
        if (deliverAsChunk)
        {
            GatherWhole(now);
        }
        else
        {
            ready.TakeShare(ChunkSizing.Share(ready.Count, permits.LaneLimit, state.BatchSize, pace), _gathered);
        }

        int count = _gathered.Count;
        if (count == 0)
        {
            return 0;
        }

        if (deliverAsChunk)
        {
            count = _gathered[0].Group!.Length;
        }

        if (slot.Chunk.IsShared)
        {
            slot.Chunk = new Chunk<TInput>();
        }

        slot.Chunk.Fill(_gathered);
        _unstarted.Add(slot.Chunk);
        slot.Metrics.HandOffs++;
        _gathered.Clear();
        return count;
    }

    private static void Join(WorkerSlot<TInput> slot, Chunk<TInput> chunk)
    {
        chunk.IsShared = true;
        slot.Chunk = chunk;
    }

    private void GatherWhole(long now)
    {
        if (ready.TryTakeChunk(out Operation<TInput>? chunk, now))
        {
            _gathered.Add(chunk);
        }
    }
}

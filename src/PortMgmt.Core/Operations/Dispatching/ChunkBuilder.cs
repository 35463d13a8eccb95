using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations.Dispatching;

/// <summary>Puts the next chunk of a lane together. Not thread-safe: guarded by the dispatcher's lock.</summary>
internal sealed class ChunkBuilder<TInput>(
    DispatchState state, ReadyQueue<TInput> ready, WorkerSet<TInput> workers, BatchPermits permits, bool deliverAsChunk, LockAssertion dispatcherLock)
{
    private readonly List<Operation<TInput>> _gathered = [];

    /// <summary>Fills a lane's chunk from the queue, or with half of what the lane with the most left has not started.</summary>
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
            GatherShare(pace);
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

        slot.Chunk.Fill(_gathered);
        slot.Metrics.HandOffs++;
        slot.GivenAt = now;
        slot.Given = count;
        _gathered.Clear();
        return count;
    }

    private void GatherWhole(long now)
    {
        if (ready.TryTakeChunk(out Operation<TInput>? chunk, now))
        {
            _gathered.Add(chunk);
        }
    }

    private void GatherShare(int pace)
    {
        ready.TakeShare(ChunkSizing.Share(ready.Count, permits.LaneLimit, state.BatchSize, pace), _gathered);
        if (_gathered.Count == 0)
        {
            TakeOver();
        }
    }

    private void TakeOver()
    {
        if (workers.FindMostLoaded(out int left) is not { } loaded)
        {
            return;
        }

        int wanted = ChunkSizing.TakenOver(left);
        while (_gathered.Count < wanted && loaded.Chunk.TryTakeLast(out Operation<TInput>? operation))
        {
            _gathered.Add(operation);
        }

        loaded.Given -= _gathered.Count;
        _gathered.Reverse();
    }
}

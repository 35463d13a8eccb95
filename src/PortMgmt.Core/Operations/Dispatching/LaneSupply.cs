using PortMgmt.Metrics.Recording;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// The lanes' side of the dispatcher: where they come for their chunks, leave, are lost and come back. Takes the dispatcher's lock, in a
/// busy batch once a chunk. Thread-safe.
/// </summary>
internal sealed class LaneSupply<TInput>(
    Lock dispatcherLock,
    DispatchState state,
    WorkerSet<TInput> workers,
    LaneSelector<TInput> selector,
    LaneLifecycle<TInput> lanes,
    LaneStarter<TInput> starter,
    AttemptWatchdog<TInput> watchdog,
    StuckLanes<TInput> stuck,
    WorkerRetirement<TInput> retirement,
    OperationClock clock,
    IDispatchTarget<TInput> target)
{
    /// <summary>The batch was stopped: what starts now must not.</summary>
    public bool IsStopping => state.IsStopping;

    /// <summary>Makes sure that an attempt which just started is looked at when its time is up.</summary>
    public void Watch(long startedAt) => watchdog.Watch(startedAt);

    /// <summary>Gives an empty lane its next chunk, or parks it.</summary>
    public bool Refill(WorkerSlot<TInput> slot)
    {
        DeferredActions<TInput> deferred = default;
        bool hasWork = false;
        int count = 0;
        lock (dispatcherLock)
        {
            if (slot.State == LaneState.Closed)
            {
                if (!slot.Host.Blocks)
                {
                    workers.Exit(slot);
                }
            }
            else
            {
                long now = clock.Now;
                hasWork = lanes.TryRefill(slot, now, out count, ref deferred);
                deferred.Wake(selector.SelectLane(now));
            }

            if (!hasWork)
            {
                deferred.Retire();
            }
        }

        starter.Run(deferred);
        if (count > 0)
        {
            target.RecordChunk(count);
        }

        return hasWork;
    }

    /// <summary>A worker that found nothing asks whether it should go. If so, it counts as gone.</summary>
    public bool Leave(WorkerSlot<TInput> slot)
    {
        lock (dispatcherLock)
        {
            if (slot.State != LaneState.Closed)
            {
                return false;
            }

            workers.Exit(slot);
        }

        retirement.Run();
        return true;
    }

    /// <summary>A worker is lost: what it had not started goes to others.</summary>
    /// <param name="slot">Its lane.</param>
    /// <param name="error">Why.</param>
    /// <param name="neverWorked">It was lost before it took any work, as the next one may be.</param>
    public void Lose(WorkerSlot<TInput> slot, Exception error, bool neverWorked) => starter.ReplaceLost(slot, error, neverWorked);

    /// <summary>An executor that had been given up returned after all.</summary>
    public void ComeBack(WorkerSlot<TInput> slot)
    {
        lock (dispatcherLock)
        {
            if (!stuck.TryComeBack(slot))
            {
                return;
            }
        }

        retirement.Run();
    }
}

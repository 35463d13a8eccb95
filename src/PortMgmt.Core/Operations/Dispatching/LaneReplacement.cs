using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations.Dispatching;

/// <summary>Brings another lane in the place of one whose worker is lost or cannot be started. Takes the dispatcher's lock. Thread-safe.</summary>
internal sealed class LaneReplacement<TInput>(
    Lock dispatcherLock,
    ReadyQueue<TInput> ready,
    WorkerSet<TInput> workers,
    BatchPermits permits,
    LaneSelector<TInput> selector,
    LaneLifecycle<TInput> lanes,
    OperationClock clock,
    IDispatchTarget<TInput> target,
    Action<WorkerSlot<TInput>> wake,
    Action retire)
{
    private static readonly TimeSpan GrowthPause = TimeSpan.FromSeconds(1);

    /// <summary>Closes the lane of a lost worker. Where no worker can be had, an operation fails for it.</summary>
    /// <param name="slot">The lane.</param>
    /// <param name="error">Why it is lost.</param>
    /// <param name="neverWorked">It was lost before it took any work, as the next one may be.</param>
    /// <returns>The lane that comes in its place, to be woken; null for none.</returns>
    public WorkerSlot<TInput>? Replace(WorkerSlot<TInput> slot, Exception error, bool neverWorked)
    {
        DeferredActions<TInput> deferred = default;
        lock (dispatcherLock)
        {
            lanes.Close(slot, ref deferred);
            workers.Exit(slot);
            if (neverWorked && permits.Held > 0)
            {
                selector.PauseGrowth(clock.Now + clock.ToUnits(GrowthPause));
            }
            else if (neverWorked && ready.TryTakeUnserved(out Operation<TInput>? unserved))
            {
                deferred.End(() => target.FailUnserved(unserved, error));
            }

            deferred.Retire();
        }

        deferred.Run(wake, retire);
        lock (dispatcherLock)
        {
            return selector.SelectLane(clock.Now);
        }
    }
}

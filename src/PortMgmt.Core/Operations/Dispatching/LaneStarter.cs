using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// Does what was decided under the dispatcher's lock once that is free: above all it brings lanes to pull, and another one in the place of
/// each whose worker is lost or cannot be started. Takes the lock itself. Thread-safe.
/// </summary>
internal sealed class LaneStarter<TInput>
{
    private static readonly TimeSpan GrowthPause = TimeSpan.FromSeconds(1);

    private readonly Lock _dispatcherLock;
    private readonly ReadyQueue<TInput> _ready;
    private readonly WorkerSet<TInput> _workers;
    private readonly BatchPermits _permits;
    private readonly LaneSelector<TInput> _selector;
    private readonly LaneLifecycle<TInput> _lanes;
    private readonly OperationClock _clock;
    private readonly IDispatchTarget<TInput> _target;

    // Delegates that are made once.
    private readonly Action<WorkerSlot<TInput>> _wake;
    private readonly Action _retire;

    public LaneStarter(
        Lock dispatcherLock,
        ReadyQueue<TInput> ready,
        WorkerSet<TInput> workers,
        BatchPermits permits,
        LaneSelector<TInput> selector,
        LaneLifecycle<TInput> lanes,
        WorkerRetirement<TInput> retirement,
        OperationClock clock,
        IDispatchTarget<TInput> target)
    {
        _dispatcherLock = dispatcherLock;
        _ready = ready;
        _workers = workers;
        _permits = permits;
        _selector = selector;
        _lanes = lanes;
        _clock = clock;
        _target = target;
        _wake = Wake;
        _retire = retirement.Run;
    }

    /// <summary>Does what was decided. Called without the lock.</summary>
    public void Run(in DeferredActions<TInput> deferred) => deferred.Run(_wake, _retire);

    /// <summary>
    /// Brings a lane to pull. One whose worker cannot be started makes room for the next, or fails an operation: in a loop, since as many
    /// may fail as wait.
    /// </summary>
    public void Wake(WorkerSlot<TInput> selected)
    {
        WorkerSlot<TInput>? slot = selected;
        while (slot is not null && !slot.Host.TryWake(out Exception? error))
        {
            slot = Replace(slot, error, neverWorked: !slot.HasWorked);
        }
    }

    /// <summary>A worker is lost: another lane comes in the place of its own.</summary>
    /// <param name="slot">Its lane.</param>
    /// <param name="error">Why.</param>
    /// <param name="neverWorked">It was lost before it took any work, as the next one may be.</param>
    public void ReplaceLost(WorkerSlot<TInput> slot, Exception error, bool neverWorked)
    {
        if (Replace(slot, error, neverWorked) is { } other)
        {
            Wake(other);
        }
    }

    /// <summary>Closes a lane. Where no worker can be had, an operation fails for it.</summary>
    /// <returns>The lane that comes in its place, to be woken; null for none.</returns>
    private WorkerSlot<TInput>? Replace(WorkerSlot<TInput> slot, Exception error, bool neverWorked)
    {
        DeferredActions<TInput> deferred = default;
        lock (_dispatcherLock)
        {
            _lanes.Close(slot, ref deferred);
            _workers.Exit(slot);
            if (neverWorked && _permits.Held > 0)
            {
                _selector.PauseGrowth(_clock.Now + _clock.ToUnits(GrowthPause));
            }
            else if (neverWorked && _ready.TryTakeUnserved(out Operation<TInput>? unserved))
            {
                deferred.End(() => _target.FailUnserved(unserved, error));
            }

            deferred.Retire();
        }

        Run(deferred);
        lock (_dispatcherLock)
        {
            return _selector.SelectLane(_clock.Now);
        }
    }
}

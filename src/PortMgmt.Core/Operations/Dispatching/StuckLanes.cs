namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// Gives up lanes whose executors did not heed their cancellation, and lets their workers leave when these return after all. Not
/// thread-safe: guarded by the dispatcher's lock.
/// </summary>
internal sealed class StuckLanes<TInput>(
    WorkerSet<TInput> workers,
    AttemptWatchdog<TInput> watchdog,
    LaneLifecycle<TInput> lanes,
    IDispatchTarget<TInput> target,
    LockAssertion dispatcherLock)
{
    /// <summary>Tells attempts beyond their time to stop, and gives up those beyond their grace with their lanes.</summary>
    public void GiveUp(long now, ref DeferredActions<TInput> deferred)
    {
        dispatcherLock.AssertHeld();
        foreach (WorkerSlot<TInput> slot in workers.Open.ToArray())
        {
            if (watchdog.IsGivenUp(slot, now, ref deferred, out (Operation<TInput> Operation, int Phase) givenUp))
            {
                target.RecordStuck(1);
                lanes.Close(slot, ref deferred);
                workers.GiveUp(slot);
                deferred.End(EndGivenUp(givenUp.Operation, givenUp.Phase));
            }
        }
    }

    /// <summary>An executor returned whose attempt had been ended for it.</summary>
    /// <returns>Whether it had been given up: its worker is to be disposed of.</returns>
    public bool TryComeBack(WorkerSlot<TInput> slot)
    {
        dispatcherLock.AssertHeld();
        if (!watchdog.TryForget(slot))
        {
            return false;
        }

        target.RecordStuck(-1);
        workers.ComeBack(slot);
        return true;
    }

    // Made here, so that the loop, which mostly has no use for it, need not set a closure up for it.
    private Action EndGivenUp(Operation<TInput> operation, int phase) => () => target.EndGivenUp(operation, phase);
}

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// A limit that nobody set grows by a permit at a time while work waits for one and the processors have little to do. Not thread-safe:
/// guarded by the dispatcher's lock.
/// </summary>
internal sealed class LimitGrowth<TInput>(
    DispatchState state, BatchPermits permits, DeadlineTimer timer, IDispatchTarget<TInput> target, LockAssertion dispatcherLock)
{
    /// <summary>Lets it grow, if it may, and looks again in time.</summary>
    public void Grow(long now, ref DeferredActions<TInput> deferred)
    {
        dispatcherLock.AssertHeld();
        if (!permits.IsWaitingForGrowth)
        {
            return;
        }

        if (target.IsProcessorLoadLow)
        {
            foreach (Concurrency.IPermitWaiter waiter in permits.GrowLimit())
            {
                deferred.Grant(waiter);
            }
        }

        timer.ArmBy(now + state.PaceUnits);
    }
}

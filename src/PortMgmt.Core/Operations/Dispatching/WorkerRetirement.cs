namespace PortMgmt.Operations.Dispatching;

/// <summary>Disposes of workers that left, outside of the dispatcher's lock, and ends the batch after the last of them. Thread-safe.</summary>
internal sealed class WorkerRetirement<TInput>(
    Lock dispatcherLock, DispatchState state, WorkerSet<TInput> workers, IDispatchTarget<TInput> target)
{
    /// <summary>Does it for all that left meanwhile. Called without the lock.</summary>
    public void Run()
    {
        while (true)
        {
            bool left;
            WorkerSlot<TInput>[] leaving;
            lock (dispatcherLock)
            {
                leaving = workers.TakeLeaving();
                left = state.IsEnded && workers.Remaining == 0;
            }

            if (left)
            {
                target.Finish();
            }

            if (leaving.Length == 0)
            {
                return;
            }

            foreach (WorkerSlot<TInput> slot in leaving)
            {
                slot.Host.Retire();
            }

            lock (dispatcherLock)
            {
                workers.Retired(leaving.Length);
            }
        }
    }
}

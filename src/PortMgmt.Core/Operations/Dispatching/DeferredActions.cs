using PortMgmt.Operations.Concurrency;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// What was decided under the dispatcher's lock and is done after it was let go, since it calls others. Most of the time that is to wake
/// one lane, or to pass on one permit, which allocates nothing.
/// </summary>
internal struct DeferredActions<TInput>
{
    private WorkerSlot<TInput>? _woken;
    private IPermitWaiter? _granted;
    private List<IPermitWaiter>? _alsoGranted;
    private List<CancellationTokenSource>? _cancelled;
    private List<Action>? _ends;
    private bool _retires;

    /// <summary>Tells what runs to stop.</summary>
    public void Cancel(CancellationTokenSource cancellation) => (_cancelled ??= []).Add(cancellation);

    /// <summary>Tells a batch that it got a permit.</summary>
    /// <param name="waiter">The batch; null for nobody.</param>
    public void Grant(IPermitWaiter? waiter)
    {
        if (waiter is null)
        {
            return;
        }

        if (_granted is null)
        {
            _granted = waiter;
        }
        else
        {
            (_alsoGranted ??= []).Add(waiter);
        }
    }

    /// <summary>Wakes a lane: at most one for each time that the lock is taken.</summary>
    /// <param name="slot">The lane; null for none.</param>
    public void Wake(WorkerSlot<TInput>? slot) => _woken = slot;

    /// <summary>Ends an operation.</summary>
    public void End(Action end) => (_ends ??= []).Add(end);

    /// <summary>Disposes of workers that left, and ends the batch after the last of them.</summary>
    public void Retire() => _retires = true;

    /// <summary>Does it all: stops come first, since others wait for them, and what is disposed of last. Called without any lock held.</summary>
    /// <param name="wake">Wakes a lane.</param>
    /// <param name="retire">Disposes of workers that left.</param>
    public readonly void Run(Action<WorkerSlot<TInput>> wake, Action retire)
    {
        if (_cancelled is not null)
        {
            foreach (CancellationTokenSource cancellation in _cancelled)
            {
                _ = cancellation.CancelAsync();
            }
        }

        _granted?.OnPermitGranted();
        if (_alsoGranted is not null)
        {
            foreach (IPermitWaiter waiter in _alsoGranted)
            {
                waiter.OnPermitGranted();
            }
        }

        if (_woken is not null)
        {
            wake(_woken);
        }

        if (_ends is not null)
        {
            foreach (Action end in _ends)
            {
                end();
            }
        }

        if (_retires)
        {
            retire();
        }
    }
}

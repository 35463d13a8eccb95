using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// Brings a batch's operations to its lanes: the order of the steps, each of which has a class of its own. This is the batch's side of it,
/// <see cref="Supply"/> that of the lanes. Nothing here runs operations or calls anybody while it holds the lock.
/// </summary>
/// <remarks>Order of locks: this one, then the limit's, the cache's or the timer's; never the other way round.</remarks>
internal sealed class Dispatcher<TInput> : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LockAssertion _lockAssertion;
    private readonly DispatchState _state = new();
    private readonly IDispatchTarget<TInput> _target;
    private readonly OperationClock _clock;
    private readonly DeadlineTimer _timer;
    private readonly ReadyQueue<TInput> _ready;
    private readonly WorkerSet<TInput> _workers;
    private readonly BatchPermits _permits;
    private readonly AttemptWatchdog<TInput> _watchdog;
    private readonly LaneSelector<TInput> _selector;
    private readonly LaneLifecycle<TInput> _lanes;
    private readonly LateChunks<TInput> _late;
    private readonly LimitGrowth<TInput> _growth;
    private readonly LaneStarter<TInput> _starter;
    private readonly StuckLanes<TInput> _stuck;

    public Dispatcher(
        IDispatchTarget<TInput> target, DispatchOptions options, OperationClock clock, ConcurrencyLimit limit, BorrowedPermit? starter)
    {
        _lockAssertion = new LockAssertion(_lock);
        _target = target;
        _clock = clock;
        _timer = new DeadlineTimer(clock, Tick);
        _ready = new ReadyQueue<TInput>(options.TypeLimits, options.DeliverAsChunk, _state, () => target.IsClogged, _lockAssertion);
        _workers = new WorkerSet<TInput>(target.CreateSlot, _lockAssertion);
        _permits = new BatchPermits(limit, starter, options.MaxConcurrent, _lockAssertion, OnPermitGranted);
        _watchdog = new AttemptWatchdog<TInput>(clock, _timer, options.Timeout, options.StopGrace, _lockAssertion);
        _selector = new LaneSelector<TInput>(_state, _ready, _workers, _permits, _timer, options.DeliverAsChunk, _lockAssertion);
        ChunkBuilder<TInput> builder = new(_state, _ready, _workers, _permits, options.DeliverAsChunk, _lockAssertion);
        _late = new LateChunks<TInput>(_state, _ready, _workers, _timer, _lockAssertion);
        _growth = new LimitGrowth<TInput>(_state, _permits, _timer, target, _lockAssertion);
        _lanes = new LaneLifecycle<TInput>(_state, _ready, _workers, _permits, builder, _late, clock, _timer, _lockAssertion);
        _stuck = new StuckLanes<TInput>(_workers, _watchdog, _lanes, target, _lockAssertion);
        WorkerRetirement<TInput> retirement = new(_lock, _state, _workers, target);
        _starter = new LaneStarter<TInput>(_lock, _ready, _workers, _permits, _selector, _lanes, retirement, clock, target);
        Supply = new LaneSupply<TInput>(
            _lock, _state, _workers, _selector, _lanes, _starter, _watchdog, _stuck, retirement, clock, target);
        lock (_lock)
        {
            _state.TakeSettings(_target.GetChunkSettings(), _clock);
        }
    }

    /// <summary>The batch was stopped: what starts now must not.</summary>
    public bool IsStopping => _state.IsStopping;

    /// <summary>No more operations are accepted.</summary>
    public bool IsInputEnded => _state.IsInputEnded;

    /// <summary>How many operations a chunk has at most.</summary>
    public int BatchSize => _state.BatchSize;

    /// <summary>The most lanes that may hold a permit at once.</summary>
    public int LaneLimit => _permits.LaneLimit;

    /// <summary>The lanes' side, under the same lock.</summary>
    public LaneSupply<TInput> Supply { get; }

    /// <summary>Stops the clock; nothing is due any more.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>How many operations, or chunks that are delivered as one piece, run now.</summary>
    public int CountRunning()
    {
        lock (_lock)
        {
            return _workers.Open.Count(slot => slot.Attempt.Current is not null);
        }
    }

    /// <summary>Accepts and queues what is offered, as one step: an operation is either queued before the batch is stopped, or refused.</summary>
    public void Accept<TOffer>(ref TOffer offer)
        where TOffer : struct, IOffer<TInput>, allows ref struct
    {
        WorkerSlot<TInput>? slot = null;
        lock (_lock)
        {
            long? accepted = null;
            while (offer.TryAccept(out Operation<TInput>? operation))
            {
                long now = operation.EnqueuedAt;
                accepted = now;
                _ready.Add(operation, now);
            }

            if (accepted is { } last)
            {
                slot = _selector.SelectLane(last);
            }
        }

        if (slot is not null)
        {
            _starter.Wake(slot);
        }
    }

    /// <summary>No more input comes: what waits need not gather any longer.</summary>
    public void EndInput()
    {
        lock (_lock)
        {
            _state.EndInput();
        }

        Dispatch();
    }

    /// <summary>Settings changed: what was handed out and not started is handed out again by the new ones.</summary>
    public void Retune()
    {
        lock (_lock)
        {
            _state.TakeSettings(_target.GetChunkSettings(), _clock);
            TakeBackUnstarted();
        }

        Dispatch();
    }

    /// <summary>Queues an operation once more, after the batch that led it failed it.</summary>
    public void Requeue(Operation<TInput> operation)
    {
        DeferredActions<TInput> deferred = default;
        lock (_lock)
        {
            if (_state.IsStopping)
            {
                deferred.End(Cancel(operation));
            }
            else
            {
                long now = _clock.Now;
                _ready.Add(operation, now);
                deferred.Wake(_selector.SelectLane(now));
            }
        }

        _starter.Run(deferred);
    }

    /// <summary>Lets an operation wait for its next attempt without occupying a lane.</summary>
    public void Delay(Operation<TInput> operation, TimeSpan wait)
    {
        DeferredActions<TInput> deferred = default;
        lock (_lock)
        {
            if (_state.IsStopping)
            {
                deferred.End(Cancel(operation));
            }
            else
            {
                long due = _clock.Now + _clock.ToUnits(wait);
                _ready.Delay(operation, due);
                _timer.ArmBy(due);
            }
        }

        _starter.Run(deferred);
    }

    /// <summary>An operation of a limited type has ended.</summary>
    public void ReleaseType(TypeGate<TInput> type)
    {
        DeferredActions<TInput> deferred = default;
        lock (_lock)
        {
            _ready.ReleaseType(type);
            deferred.Wake(_selector.SelectLane(_clock.Now));
        }

        _starter.Run(deferred);
    }

    /// <summary>Ends everything at once, except what runs: that is told to stop and given the grace.</summary>
    /// <returns>What had not started.</returns>
    public List<Operation<TInput>> Stop(TimeSpan grace)
    {
        DeferredActions<TInput> deferred = default;
        List<Operation<TInput>> waiting;
        lock (_lock)
        {
            _state.Stop();

            // A lane that starts an operation from here on sees the stop; one that started earlier is seen below.
            Interlocked.MemoryBarrier();
            TakeBackUnstarted();

            waiting = _ready.Drain();
            _watchdog.SetGrace(grace);
            foreach (WorkerSlot<TInput> slot in _workers.Open)
            {
                _watchdog.Interrupt(slot, OperationPhase.Stopping, _clock.Now, ref deferred);
            }
        }

        _starter.Run(deferred);
        return waiting;
    }

    /// <summary>All operations have ended: nothing will be needed again.</summary>
    public void End()
    {
        DeferredActions<TInput> deferred = default;
        lock (_lock)
        {
            _state.End();
            foreach (WorkerSlot<TInput> slot in _workers.Open.ToArray())
            {
                _lanes.Close(slot, ref deferred);
            }

            Dispose();
            deferred.Retire();
        }

        _starter.Run(deferred);
    }

    /// <summary>Who has not returned.</summary>
    public StopReport GetReport()
    {
        lock (_lock)
        {
            return new StopReport { Stuck = _watchdog.Stuck, WorkersLeft = _workers.Remaining };
        }
    }

    /// <summary>What happens when time passes: timeouts, grace, retries, idle lanes, gathering, and a limit that may grow.</summary>
    private void Tick()
    {
        DeferredActions<TInput> deferred = default;
        lock (_lock)
        {
            if (_state.IsEnded)
            {
                return;
            }

            long now = _clock.Now;
            _timer.ArmBy(_ready.ReleaseDelayed(now));
            _stuck.GiveUp(now, ref deferred);
            _lanes.CloseIdle(now, ref deferred);
            _growth.Grow(now, ref deferred);
            _late.TakeBack(now);
            deferred.Wake(_selector.SelectLane(now));
            deferred.Retire();
        }

        _starter.Run(deferred);
        Dispatch();
    }

    /// <summary>Wakes a lane for what waits, as far as the rules allow.</summary>
    private void Dispatch()
    {
        DeferredActions<TInput> deferred = default;
        lock (_lock)
        {
            deferred.Wake(_selector.SelectLane(_clock.Now));
        }

        _starter.Run(deferred);
    }

    private void OnPermitGranted(bool borrowed)
    {
        DeferredActions<TInput> deferred = default;
        lock (_lock)
        {
            WorkerSlot<TInput>? slot = _selector.SelectForPermit(_clock.Now, borrowed);
            if (slot is null)
            {
                deferred.Grant(_permits.Decline(borrowed));
            }

            deferred.Wake(slot);
        }

        _starter.Run(deferred);
    }

    /// <summary>What was handed out and not started waits again.</summary>
    private void TakeBackUnstarted()
    {
        _lockAssertion.AssertHeld();
        foreach (WorkerSlot<TInput> slot in _workers.Open)
        {
            _ready.TakeBack(slot.Chunk);
        }
    }

    // Made here, so that the methods which mostly have no use for it need not set a closure up for it.
    private Action Cancel(Operation<TInput> operation) => () => _target.Cancel(operation);
}

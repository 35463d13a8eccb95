using System.Diagnostics;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// Brings a batch's operations to its lanes: what waits, who works, and when one more lane is woken. Lanes pull, so in a busy batch the
/// gate is taken once a hand-off; nothing here runs operations or calls anybody while it holds the gate.
/// </summary>
/// <remarks>
/// <para>
/// A hand-off's size follows guided self-scheduling (C. D. Polychronopoulos and D. J. Kuck, IEEE Trans. Comp. C-36, 1987): an equal
/// share of what waits, so hand-offs shrink towards the end and nobody straggles; what a lane was given and has not started is
/// moreover taken over by lanes that run out of work.
/// </para>
/// <para>Order of locks: this gate, then the limit's, the cache's or the timer's; never the other way round.</para>
/// </remarks>
internal sealed partial class Dispatcher<TInput, TResult>
{
    private readonly Lock _gate = new();
    private readonly OperationBatch<TInput, TResult> _batch;
    private readonly OperationBatchOptions<TInput, TResult> _options;
    private readonly OperationClock _clock;
    private readonly ConcurrencyLimit _limit;
    private readonly DeadlineTimer _timer;
    private readonly OperationQueue<TInput> _queue;
    private readonly PriorityQueue<Operation<TInput>, long> _delayed = new();

    /// <summary>Whole hand-offs on their way to another attempt; they stay what they are.</summary>
    private readonly Queue<Operation<TInput>> _groups = new();

    /// <summary>All lanes that are not closed.</summary>
    private readonly List<OperationLane<TInput, TResult>> _lanes = [];

    /// <summary>Those without work, the one idle longest first. Taken from the end: its caches are warm, and the others may be let go.</summary>
    private readonly List<OperationLane<TInput, TResult>> _parked = [];

    /// <summary>Closed lanes whose workers are to be disposed of once the gate is free.</summary>
    private readonly List<OperationLane<TInput, TResult>> _leaving = [];

    /// <summary>What a hand-off is put together in.</summary>
    private readonly List<Operation<TInput>> _gathered = [];

    /// <summary>Lanes woken that have not come for their work yet.</summary>
    private int _waking;

    /// <summary>Lanes that hold a place under the limit: waking or active.</summary>
    private int _active;

    /// <summary>Lanes whose workers have not returned from their pull.</summary>
    private int _inside;

    /// <summary>Lanes whose workers are being disposed of.</summary>
    private int _retiring;

    private int _lanesMade;

    /// <summary>No new worker is tried before then: the last one could not be started, and others do the work.</summary>
    private long _growAgainAt = long.MinValue;

    private bool _inputEnded;
    private bool _ended;
    private volatile bool _stopping;

    public Dispatcher(OperationBatch<TInput, TResult> batch, ConcurrencyLimit limit, StarterLoan? starter)
    {
        _batch = batch;
        _options = batch.Options;
        _clock = batch.Clock;
        _limit = limit;
        _starter = starter;
        _loanHeir = new LoanHeir(this);
        _queue = new OperationQueue<TInput>(_options.TypeLimits);
        _timer = new DeadlineTimer(_clock, Tick);
        _timeoutUnits = _options.Timeout is TimeSpan timeout ? _clock.ToUnits(timeout) : long.MaxValue;
        _graceUnits = _clock.ToUnits(batch.Scheduler.StopGrace);
        TakeSettings();
    }

    /// <summary>The lock of acceptance: an operation is either queued before the batch is stopped, or refused.</summary>
    public Lock Gate => _gate;

    /// <summary>The batch was stopped: what starts now must not.</summary>
    public bool IsStopping => _stopping;

    /// <summary>No more operations are accepted. Under the gate.</summary>
    public bool IsInputEnded => _inputEnded;

    /// <summary>How many operations a hand-off has at most.</summary>
    public int BatchSize { get; private set; }

    /// <summary>How long the oldest operation waits for a hand-off to fill.</summary>
    private long FlushUnits { get; set; }

    /// <summary>How many operations, or whole hand-offs, run now.</summary>
    public int CountRunning()
    {
        lock (_gate)
        {
            return _lanes.Count(lane => lane.Current is not null);
        }
    }

    /// <summary>Queues an operation that was accepted. The caller holds <see cref="Gate"/> and wakes the lane that is returned after it let go.</summary>
    public OperationLane<TInput, TResult>? Submit(Operation<TInput> operation, long now)
    {
        Add(operation, now);
        return Choose(now);
    }

    /// <summary>Queues an operation that was accepted, one of several: the caller asks <see cref="Choose"/> after the last.</summary>
    public void Add(Operation<TInput> operation, long now)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "Acceptance and queueing are one step.");
        operation.ReadyAt = now;
        _queue.Add(operation);
    }

    /// <summary>No more input comes: what waits need not gather any longer.</summary>
    public void EndInput()
    {
        lock (_gate)
        {
            _inputEnded = true;
        }

        Dispatch();
    }

    /// <summary>Wakes lanes for what waits, as far as the rules allow.</summary>
    public void Dispatch()
    {
        OperationLane<TInput, TResult>? lane;
        lock (_gate)
        {
            lane = Choose(_clock.Now);
        }

        Wake(lane);
    }

    /// <summary>Settings changed: what was handed out and not started is handed out again by the new ones.</summary>
    public void Retune()
    {
        lock (_gate)
        {
            TakeSettings();
            foreach (OperationLane<TInput, TResult> lane in _lanes)
            {
                TakeBack(lane);
            }
        }

        Dispatch();
    }

    /// <summary>Queues an operation once more, after a failure of its own or of the batch that led it.</summary>
    public void Requeue(Operation<TInput> operation)
    {
        bool refused;
        OperationLane<TInput, TResult>? lane = null;
        lock (_gate)
        {
            refused = _stopping;
            if (!refused)
            {
                lane = Submit(operation, _clock.Now);
            }
        }

        Wake(lane);
        if (refused)
        {
            _batch.Cancel(operation);
        }
    }

    /// <summary>Lets an operation wait for its next attempt without occupying a lane.</summary>
    public void Delay(Operation<TInput> operation, TimeSpan wait)
    {
        bool refused;
        lock (_gate)
        {
            refused = _stopping;
            long due = _clock.Now + _clock.ToUnits(wait);
            if (!refused)
            {
                _delayed.Enqueue(operation, due);
                _timer.ArmBy(due);
            }
        }

        if (refused)
        {
            _batch.Cancel(operation);
        }
    }

    /// <summary>A lane of a limited type's operation has ended it.</summary>
    public void Release(TypeGate<TInput> gate)
    {
        OperationLane<TInput, TResult>? lane;
        lock (_gate)
        {
            _queue.Release(gate);
            lane = Choose(_clock.Now);
        }

        Wake(lane);
    }

    private void TakeSettings()
    {
        OperationSettings settings = _batch.Scheduler.Settings;
        BatchSize = _options.BatchSize ?? settings.BatchSize;
        FlushUnits = _clock.ToUnits(_options.BatchFlush ?? settings.BatchFlush);
    }

    /// <summary>
    /// Brings a lane to pull. One whose worker cannot be started makes room for the next, or fails an operation: in a loop, since as many
    /// may fail as wait.
    /// </summary>
    /// <param name="lane">The lane that was chosen; null for none.</param>
    public void Wake(OperationLane<TInput, TResult>? lane)
    {
        while (lane is not null && !lane.TryWake(out Exception? error))
        {
            lane = Replace(lane, error, neverWorked: lane.HandOffs == 0);
        }
    }
}

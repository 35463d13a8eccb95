using System.Diagnostics;

namespace PortMgmt.Operations;

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

    private int _lanesMade;

    /// <summary>No new worker is tried before then: the last one could not be started, and others do the work.</summary>
    private long _growAgainAt = long.MinValue;

    private bool _inputEnded;
    private bool _ended;
    private bool _waitsForPlace;
    private bool _loanIsFree;
    private volatile bool _stopping;

    public Dispatcher(OperationBatch<TInput, TResult> batch, ConcurrencyLimit limit, bool onLoan)
    {
        _batch = batch;
        _options = batch.Options;
        _clock = batch.Clock;
        _limit = limit;
        _loanIsFree = onLoan;
        _queue = new OperationQueue<TInput>(_options.TypeLimits);
        _timer = new DeadlineTimer(_clock, Tick);
        _timeoutUnits = _options.Timeout is TimeSpan timeout ? _clock.ToUnits(timeout) : long.MaxValue;
        _graceUnits = _clock.ToUnits(batch.Scheduler.StopGrace);
    }

    /// <summary>The lock of acceptance: an operation is either queued before the batch is stopped, or refused.</summary>
    public Lock Gate => _gate;

    /// <summary>The batch was stopped: what starts now must not.</summary>
    public bool IsStopping => _stopping;

    /// <summary>No more operations are accepted. Under the gate.</summary>
    public bool IsInputEnded => _inputEnded;

    /// <summary>The most lanes that may hold a place at once.</summary>
    public int LaneLimit => Math.Min(OwnLaneLimit, _limit.Limit);

    public int BatchSize => _options.BatchSize ?? _batch.Scheduler.Settings.BatchSize;

    private long FlushUnits => _clock.ToUnits(_options.BatchFlush ?? _batch.Scheduler.Settings.BatchFlush);

    /// <summary>How many operations, or whole hand-offs, run now.</summary>
    public int CountRunning()
    {
        lock (_gate)
            return _lanes.Count(lane => lane.Current is not null);
    }

    /// <summary>Queues an operation that was accepted. The caller holds <see cref="Gate"/> and wakes the lane that is returned after it let go.</summary>
    public OperationLane<TInput, TResult>? Submit(Operation<TInput> operation, long now)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "Acceptance and queueing are one step.");
        operation.ReadyAt = now;
        _queue.Add(operation);
        return Choose(now);
    }

    /// <summary>No more input comes: what waits need not gather any longer.</summary>
    public void EndInput()
    {
        lock (_gate)
            _inputEnded = true;
        Dispatch();
    }

    /// <summary>Wakes lanes for what waits, as far as the rules allow.</summary>
    public void Dispatch()
    {
        OperationLane<TInput, TResult>? lane;
        lock (_gate)
            lane = Choose(_clock.Now);
        lane?.Wake();
    }

    /// <summary>Settings changed: what was handed out and not started is handed out again by the new ones.</summary>
    public void Retune()
    {
        lock (_gate)
        {
            foreach (OperationLane<TInput, TResult> lane in _lanes)
                TakeBack(lane);
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
                lane = Submit(operation, _clock.Now);
        }

        lane?.Wake();
        if (refused)
            _batch.Cancel(operation);
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
            _batch.Cancel(operation);
    }

    /// <summary>Gives an empty lane its next hand-off, or parks it.</summary>
    public bool Refill(OperationLane<TInput, TResult> lane)
    {
        OperationLane<TInput, TResult>? another = null;
        IPermitHeir? heir = null;
        int count = 0;
        lock (_gate)
        {
            if (lane.State == LaneState.Closed)
            {
                if (!lane.Blocks)
                    Exit(lane);
            }
            else
            {
                long now = _clock.Now;
                bool woken = Arrive(lane);
                lane.Stamp = now;
                if (lane.State == LaneState.Active && !ShouldRest(lane))
                    count = Gather(lane, now);
                if (count == 0)
                    heir = Park(lane, now);
                else if (woken)
                    lane.Metrics.Trigger.Record(_clock.ToNanoseconds(now - lane.WokenAt));
                another = Choose(now);
            }
        }

        heir?.Inherit();
        another?.Wake();
        if (count > 0)
            _batch.NoteHandOff(count);
        else
            FinishIfLeft();
        return count > 0;
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

        lane?.Wake();
    }

    private bool Arrive(OperationLane<TInput, TResult> lane)
    {
        if (lane.State != LaneState.Waking)
            return false;
        lane.State = LaneState.Active;
        _waking--;
        return true;
    }

    private bool ShouldRest(OperationLane<TInput, TResult> lane) =>
        _stopping || (!lane.IsOnLoan && _limit.IsOverShare(_active, _waitsForPlace));

    /// <summary>Fills a lane's hand-off from the queue, or with half of what the lane with the most left has not started.</summary>
    private int Gather(OperationLane<TInput, TResult> lane, long now)
    {
        if (_options.WholeHandOffs)
            GatherWhole(now);
        else
            GatherShare();
        int count = _gathered.Count;
        if (count == 0)
            return 0;
        if (_options.WholeHandOffs)
            count = _gathered[0].Group!.Length;
        lane.HandOff.Fill(_gathered);
        lane.Metrics.HandOffs++;
        _gathered.Clear();
        return count;
    }

    private void GatherShare()
    {
        int size = Math.Min((_queue.Count + LaneLimit - 1) / LaneLimit, BatchSize);
        while (_gathered.Count < size && _queue.TryTake(out Operation<TInput>? operation))
        {
            _gathered.Add(operation);

            // One of a limited type keeps its gate until it ends: nothing else may make it wait in this hand-off.
            if (operation.Gate is not null)
                break;
        }

        if (_gathered.Count == 0)
            TakeOver();
    }

    private void GatherWhole(long now)
    {
        if (_groups.TryDequeue(out Operation<TInput>? again))
        {
            _gathered.Add(again);
            return;
        }

        if (!IsDue(now))
            return;
        while (_gathered.Count < BatchSize && _queue.TryTake(out Operation<TInput>? operation))
            _gathered.Add(operation);
        Operation<TInput> first = _gathered[0];
        first.Group = [.. _gathered];
        _gathered.Clear();
        _gathered.Add(first);
    }

    /// <summary>Takes back what a lane has not started; it is the next to go out again.</summary>
    private void TakeBack(OperationLane<TInput, TResult> lane)
    {
        while (lane.HandOff.TryTakeLast(out Operation<TInput>? operation))
        {
            if (operation.Group is null)
                _queue.Return(operation);
            else
                _groups.Enqueue(operation);
        }
    }

    private void TakeOver()
    {
        OperationLane<TInput, TResult>? richest = null;
        int most = 0;
        foreach (OperationLane<TInput, TResult> lane in _lanes)
        {
            int left = lane.HandOff.Count;
            if (left > most)
                (richest, most) = (lane, left);
        }

        for (int taken = 0; taken < (most + 1) / 2 && richest!.HandOff.TryTakeLast(out Operation<TInput>? operation); taken++)
            _gathered.Insert(0, operation);
    }

    private IPermitHeir? Park(OperationLane<TInput, TResult> lane, long now)
    {
        if (lane.State == LaneState.Parked)
            return null;
        lane.State = LaneState.Parked;
        lane.ParkedAt = now;
        _parked.Add(lane);
        _timer.ArmBy(now + _clock.ToUnits(IdleTime));
        if (!lane.Blocks)
            Exit(lane);
        return GivePlace(lane);
    }

    private IPermitHeir? GivePlace(OperationLane<TInput, TResult> lane)
    {
        _active--;
        if (!lane.IsOnLoan)
            return _limit.Give(this);
        lane.IsOnLoan = false;
        _loanIsFree = true;
        return null;
    }
}

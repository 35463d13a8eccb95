using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Queues;
using PortMgmt.Operations;
using PortMgmt.TestKit.Clocks;
using Xunit;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

public sealed class LaneSelectorTests : IDisposable
{
    private readonly TimerCountingClock _time = new();
    private readonly DispatchState _state = new() { BatchSize = 3, FlushUnits = TimeSpan.FromMilliseconds(10).Ticks };
    private readonly ConcurrencyLimit _limit = new(4, 4);
    private readonly DeadlineTimer _timer;
    private readonly ReadyQueue<int> _ready;
    private readonly WorkerSet<int> _workers = new(FakeHost.CreateSlot, default);
    private readonly BatchPermits _permits;
    private readonly LaneSelector<int> _selector;
    private int _ticks;

    public LaneSelectorTests()
    {
        _timer = new DeadlineTimer(new OperationClock(_time), () => _ticks++);
        _ready = new ReadyQueue<int>(null, false, _state, () => false, default);
        _permits = new BatchPermits(_limit, null, int.MaxValue, default, _ => { });
        _selector = new LaneSelector<int>(_state, _ready, _workers, _permits, _timer, false, default);
    }

    public void Dispose() => _timer.Dispose();

    [Fact]
    public void SelectLane_NothingWaits_IsNone() => Assert.Null(_selector.SelectLane(0));

    [Fact]
    public void SelectLane_NobodyWorks_IsOneAtOnceAndNoHerd()
    {
        Add(2);

        Assert.NotNull(_selector.SelectLane(0));
        for (int more = 0; more < 10; more++)
        {
            _selector.SelectLane(0);
        }

        Assert.Equal(1, _workers.Waking);
    }

    [Fact]
    public void SelectLane_AllBusy_GathersUntilTheChunkIsFull()
    {
        Work();
        Add(2);
        Assert.Null(_selector.SelectLane(0));

        Add(1);

        Assert.NotNull(_selector.SelectLane(0));
    }

    [Fact]
    public void SelectLane_AllBusy_LooksAgainAfterTheFlushTime()
    {
        Work();
        Add(1);
        Assert.Null(_selector.SelectLane(0));

        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(1, _ticks);
        Assert.NotNull(_selector.SelectLane(_time.GetTimestamp()));
    }

    [Fact]
    public void SelectLane_OneIsParked_GetsWhatThereIsAtOnce()
    {
        Work();
        WorkerSlot<int> idle = Work();
        _workers.Park(idle, 0);
        _permits.Give(borrowed: false);
        Add(1);

        Assert.Same(idle, _selector.SelectLane(0));
    }

    [Fact]
    public void SelectLane_Stopping_IsNone()
    {
        Add(1);

        _state.Stop();

        Assert.Null(_selector.SelectLane(0));
    }

    [Fact]
    public void SelectLane_GrowthPaused_WaitsWhileOthersWork()
    {
        Work();
        _selector.PauseGrowth(TimeSpan.FromSeconds(1).Ticks);
        Add(3);

        Assert.Null(_selector.SelectLane(0));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, _ticks);
        Assert.NotNull(_selector.SelectLane(_time.GetTimestamp()));
    }

    [Fact]
    public void SelectForPermit_NoWorkForIt_IsNone()
    {
        Assert.Null(_selector.SelectForPermit(0, borrowed: false));
        Assert.Equal(0, _permits.Held);

        Add(1);

        Assert.NotNull(_selector.SelectForPermit(0, borrowed: false));
        Assert.Equal(1, _permits.Held);
    }

    private void Add(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ready.Add(new Operation<int>(i), 0);
        }
    }

    private WorkerSlot<int> Work()
    {
        _permits.TryTake(out bool borrowed);
        WorkerSlot<int> slot = _workers.Wake(0, borrowed);
        _workers.Arrive(slot);
        return slot;
    }
}

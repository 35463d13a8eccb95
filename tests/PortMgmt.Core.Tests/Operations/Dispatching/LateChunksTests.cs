using PortMgmt.Metrics.Recording;
using PortMgmt.Operations;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Queues;
using PortMgmt.TestKit.Clocks;
using Xunit;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

public sealed class LateChunksTests : IDisposable
{
    private static readonly long Pace = TimeSpan.FromMilliseconds(10).Ticks;

    private readonly TimerCountingClock _time = new();
    private readonly DispatchState _state = new() { BatchSize = 100, FlushUnits = Pace, PaceUnits = Pace };
    private readonly DeadlineTimer _timer;
    private readonly ReadyQueue<int> _ready;
    private readonly WorkerSet<int> _workers = new(FakeHost.CreateSlot, default);
    private readonly LateChunks<int> _late;
    private int _ticks;

    public LateChunksTests()
    {
        _timer = new DeadlineTimer(new OperationClock(_time), () => _ticks++);
        _ready = new ReadyQueue<int>(null, false, _state, () => false, default);
        _late = new LateChunks<int>(_state, _ready, _workers, _timer, default);
    }

    public void Dispose() => _timer.Dispose();

    [Fact]
    public void TakeBack_OperationOfItsTime_LeavesTheChunkAndLooksAgain()
    {
        WorkerSlot<int> slot = Give(running: 0, behind: [1, 2]);

        _late.TakeBack(Pace - 1);
        Assert.Equal((2, 0), (slot.Chunk.Count, _ready.Count));
        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(1, _ticks);
    }

    [Fact]
    public void TakeBack_OperationBeyondItsTime_BringsAllBehindItBackInOrder()
    {
        WorkerSlot<int> second = Give(running: 10, behind: [11, 12]);
        WorkerSlot<int> first = Give(running: 0, behind: [1, 2]);

        _late.TakeBack(Pace);

        Assert.Equal((0, 0), (first.Chunk.Count, second.Chunk.Count));
        Assert.Equal([1, 2, 11, 12], Drain());
    }

    [Fact]
    public void TakeBack_ChunkThatTakesTwiceItsTime_ComesBackAsWell()
    {
        WorkerSlot<int> slot = Give(running: 0, behind: [1]);
        slot.Attempt.Current!.StartedAt = (2 * Pace) - 1;

        _late.TakeBack(2 * Pace);

        Assert.Equal(0, slot.Chunk.Count);
    }

    [Fact]
    public void TakeBack_Late_ForgetsWhatWasMeasuredBefore()
    {
        Give(running: 0, behind: [1, 2]);

        _late.TakeBack(Pace);

        Assert.Equal(Pace, _state.MeasuredSince);
    }

    [Fact]
    public void TakeBack_NothingBehind_ChangesNothing()
    {
        Give(running: 0, behind: []);

        _late.TakeBack(10 * Pace);

        Assert.Equal(long.MinValue, _state.MeasuredSince);
    }

    private WorkerSlot<int> Give(int running, int[] behind)
    {
        WorkerSlot<int> slot = _workers.Wake(0, borrowed: false);
        slot.Chunk.Fill([.. behind.Select(input => new Operation<int>(input) { ReadyAt = input })]);
        slot.Attempt.Begin(new Operation<int>(running));
        return slot;
    }

    private List<int> Drain() => [.. _ready.Drain().Select(operation => operation.Input)];
}

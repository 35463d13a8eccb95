using PortMgmt.Operations.Dispatching;
using Xunit;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

public sealed class WorkerSetTests
{
    private readonly WorkerSet<int> _workers = new(FakeHost.CreateSlot, default);

    [Fact]
    public void Wake_NoneParked_MakesALane()
    {
        WorkerSlot<int> first = _workers.Wake(5, borrowed: false);
        WorkerSlot<int> second = _workers.Wake(6, borrowed: true);

        Assert.Equal((1, 2), (first.Number, second.Number));
        Assert.Equal((LaneState.Waking, true, null), (first.State, first.IsInside, first.WokenFor));
        Assert.Equal((false, true), (first.HasBorrowedPermit, second.HasBorrowedPermit));
        Assert.Equal((2, 2), (_workers.Waking, _workers.Remaining));
    }

    [Fact]
    public void Wake_SomeParked_TakesTheLastThatParkedAndTellsForWhat()
    {
        WorkerSlot<int> first = Work();
        WorkerSlot<int> second = Work();
        _workers.Park(first, 10);
        _workers.Park(second, 20);

        Assert.Same(first, _workers.LongestParked);
        Assert.Same(second, _workers.Wake(25, borrowed: false));
        Assert.Equal(25, second.WokenFor);
        Assert.True(_workers.HasParked);
    }

    [Fact]
    public void Arrive_OnlyAfterAWakeUp_SaysSo()
    {
        WorkerSlot<int> slot = _workers.Wake(0, borrowed: false);

        Assert.True(_workers.Arrive(slot));
        Assert.False(_workers.Arrive(slot));
        Assert.Equal((LaneState.Active, 0), (slot.State, _workers.Waking));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void Park_WorkerThatDoesNotBlock_HasReturned(bool blocks, int remaining)
    {
        WorkerSlot<int> slot = Work();
        ((FakeHost)slot.Host).Blocks = blocks;

        _workers.Park(slot, 10);

        Assert.Equal((LaneState.Parked, 10, remaining), (slot.State, slot.ParkedAt, _workers.Remaining));
    }

    [Fact]
    public void Close_WakingOrActive_HeldAPermitAndLeavesWhenItReturns()
    {
        WorkerSlot<int> waking = _workers.Wake(0, borrowed: false);
        WorkerSlot<int> active = Work();

        Assert.True(_workers.Close(waking));
        Assert.True(_workers.Close(active));
        Assert.Equal((0, 0), (_workers.Waking, _workers.Open.Count));
        Assert.Empty(_workers.TakeLeaving());
        _workers.Exit(active);
        Assert.Equal([active], _workers.TakeLeaving());
        Assert.Equal(2, _workers.Remaining);
        _workers.Retired(1);
        Assert.Equal(1, _workers.Remaining);
    }

    [Fact]
    public void Close_Parked_HeldNoPermitAndLeavesAtOnce()
    {
        WorkerSlot<int> slot = Work();
        _workers.Park(slot, 0);

        Assert.False(_workers.Close(slot));
        Assert.False(_workers.HasParked);
        Assert.Equal([slot], _workers.TakeLeaving());
        Assert.Empty(_workers.TakeLeaving());
    }

    [Fact]
    public void Exit_Twice_CountsOnce()
    {
        WorkerSlot<int> slot = Work();
        _workers.Close(slot);

        _workers.Exit(slot);
        _workers.Exit(slot);

        Assert.Equal([slot], _workers.TakeLeaving());
    }

    [Fact]
    public void GiveUp_IsNotWaitedForAndLeavesWhenItComesBack()
    {
        WorkerSlot<int> slot = Work();
        _workers.Close(slot);

        _workers.GiveUp(slot);
        Assert.Equal(0, _workers.Remaining);
        Assert.Empty(_workers.TakeLeaving());

        _workers.ComeBack(slot);
        Assert.Equal([slot], _workers.TakeLeaving());
    }

    private WorkerSlot<int> Work()
    {
        WorkerSlot<int> slot = _workers.Wake(0, borrowed: false);
        _workers.Arrive(slot);
        return slot;
    }
}

using System.Diagnostics.CodeAnalysis;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Dispatching;
using PortMgmt.TestKit.Clocks;
using Xunit;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

public sealed class LaneSupplyTests : IDisposable
{
    private readonly TimerCountingClock _time = new();
    private readonly FakeTarget _target = new();
    private readonly Dispatcher<int> _dispatcher;
    private readonly LaneSupply<int> _supply;

    public LaneSupplyTests()
    {
        DispatchOptions options = new() { StopGrace = TimeSpan.FromMilliseconds(50) };
        _dispatcher = new Dispatcher<int>(_target, options, new OperationClock(_time), new ConcurrencyLimit(2, 2), null);
        _supply = _dispatcher.Supply;
    }

    public void Dispose() => _dispatcher.Dispose();

    [Fact]
    public void Lose_LaneThatWorkedOn_ClosesItAndAnotherComesForTheRest()
    {
        WorkerSlot<int> lost = Start(1, 2);

        _supply.Lose(lost, new InvalidOperationException("gone"), neverWorked: false);

        Assert.Equal(LaneState.Closed, lost.State);
        Assert.Equal(["chunk of 1", $"retire {lost.Number}"], _target.Asked);
        WorkerSlot<int> other = Assert.Single(_target.Woken);
        Assert.NotSame(lost, other);
        Assert.True(_supply.Refill(other));
        other.Chunk.TryTakeFirst(out Operation<int>? operation);
        Assert.Equal(2, operation!.Input);
    }

    [Fact]
    public void Lose_OnlyLaneAndItNeverWorked_AnOperationFailsWithTheReason()
    {
        Accept(1);
        WorkerSlot<int> slot = _target.Woken.Dequeue();

        _supply.Lose(slot, new InvalidOperationException("no memory"), neverWorked: true);

        Assert.Contains("fail 1: no memory", _target.Asked);
        Assert.Empty(_target.Woken);
    }

    [Fact]
    public void Leave_BatchGoesOn_Stays()
    {
        WorkerSlot<int> slot = Start(1);

        Assert.False(_supply.Leave(slot));

        Assert.DoesNotContain("retire 1", _target.Asked);
    }

    [Fact]
    public void Leave_BatchHasEnded_GoesAsTheLastAndTheBatchFinishes()
    {
        WorkerSlot<int> slot = Start(1);
        _dispatcher.End();

        Assert.True(_supply.Leave(slot));

        Assert.Equal(["chunk of 1", "retire 1", "finish"], _target.Asked);
        Assert.Equal(0, _dispatcher.GetReport().WorkersLeft);
    }

    [Fact]
    public void ComeBack_LaneThatWasNotGivenUp_ChangesNothing()
    {
        WorkerSlot<int> slot = Start(1);

        _supply.ComeBack(slot);

        Assert.Equal(["chunk of 1"], _target.Asked);
        Assert.Equal(LaneState.Active, slot.State);
    }

    [Fact]
    public void Watch_TimePassesBeyondTheTimeout_TheAttemptIsToldToStop()
    {
        FakeTarget target = new();
        using Dispatcher<int> dispatcher = new(
            target,
            new DispatchOptions { StopGrace = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromMilliseconds(20) },
            new OperationClock(_time),
            new ConcurrencyLimit(2, 2),
            null);
        Offer offer = new(new Queue<Operation<int>>([new Operation<int>(1)]));
        dispatcher.Accept(ref offer);
        WorkerSlot<int> slot = target.Woken.Dequeue();
        dispatcher.Supply.Refill(slot);
        slot.Chunk.TryTakeFirst(out Operation<int>? operation);
        operation!.StartedAt = _time.GetTimestamp();
        slot.Attempt.Begin(operation);
        dispatcher.Supply.Watch(operation.StartedAt);

        _time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(OperationPhase.TimeUp, slot.Attempt.End(operation));
    }

    /// <summary>Has a lane come and start the first of operations.</summary>
    private WorkerSlot<int> Start(params int[] inputs)
    {
        Accept(inputs);
        WorkerSlot<int> slot = _target.Woken.Dequeue();
        _supply.Refill(slot);
        slot.Chunk.TryTakeFirst(out _);
        return slot;
    }

    private void Accept(params int[] inputs)
    {
        Offer offer = new(new Queue<Operation<int>>(inputs.Select(input => new Operation<int>(input) { EnqueuedAt = _time.GetTimestamp() })));
        _dispatcher.Accept(ref offer);
    }

    private struct Offer(Queue<Operation<int>> operations) : IOffer<int>
    {
        public readonly bool TryAccept([NotNullWhen(true)] out Operation<int>? operation) => operations.TryDequeue(out operation);
    }
}

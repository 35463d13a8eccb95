using System.Diagnostics.CodeAnalysis;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations;
using PortMgmt.TestKit.Clocks;
using Xunit;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

public sealed class DispatcherTests : IDisposable
{
    private readonly TimerCountingClock _time = new();
    private readonly FakeTarget _target = new();
    private readonly Dispatcher<int> _dispatcher;

    public DispatcherTests() => _dispatcher = new Dispatcher<int>(
        _target, new DispatchOptions { StopGrace = TimeSpan.FromMilliseconds(50) }, new OperationClock(_time), new ConcurrencyLimit(2, 2), null);

    public void Dispose() => _dispatcher.Dispose();

    [Fact]
    public void Accept_SeveralOperations_WakesOneLaneThatGetsItsShare()
    {
        Accept(1, 2, 3, 4, 5);

        WorkerSlot<int> slot = Assert.Single(_target.Woken);
        Assert.True(_dispatcher.Supply.Refill(slot));
        Assert.Equal(1, slot.Chunk.Count);
        slot.Chunk.TryTakeFirst(out _);
        slot.Started++;
        Assert.True(_dispatcher.Supply.Refill(slot));
        Assert.Equal(2, slot.Chunk.Count);
        Assert.Equal(["chunk of 1", "chunk of 2"], _target.Asked);
    }

    [Fact]
    public void Accept_NothingAccepted_WakesNobody()
    {
        Accept();

        Assert.Empty(_target.Woken);
    }

    [Fact]
    public void Refill_NothingLeft_ParksTheLaneAndItsWorkerHasReturned()
    {
        Accept(1);
        WorkerSlot<int> slot = _target.Woken.Dequeue();
        _dispatcher.Supply.Refill(slot);
        slot.Chunk.TryTakeFirst(out _);

        Assert.False(_dispatcher.Supply.Refill(slot));

        Assert.Equal((LaneState.Parked, 0), (slot.State, _dispatcher.GetReport().WorkersLeft));
        Accept(2);
        Assert.Same(slot, Assert.Single(_target.Woken));
    }

    [Fact]
    public void Wake_WorkerCannotBeStarted_EveryOperationFailsWithTheReason()
    {
        _target.WakeError = new InvalidOperationException("no memory");

        Accept(1, 2, 3);

        Assert.Equal(
            ["fail 1: no memory", "fail 2: no memory", "fail 3: no memory"], _target.Asked.Where(what => what.StartsWith("fail", StringComparison.Ordinal)));
    }

    [Fact]
    public void Stop_TakesBackWhatWaitsAndWhatWasNotStarted()
    {
        Accept(1, 2, 3, 4);
        WorkerSlot<int> slot = _target.Woken.Dequeue();
        _dispatcher.Supply.Refill(slot);
        Begin(slot);

        List<Operation<int>> waiting = _dispatcher.Stop(TimeSpan.FromMilliseconds(50));

        Assert.Equal([2, 3, 4], waiting.Select(operation => operation.Input));
        Assert.True(_dispatcher.IsStopping && _dispatcher.IsInputEnded);
        Assert.Equal(1, _dispatcher.CountRunning());
    }

    [Fact]
    public void Stop_NotHeeded_IsGivenUpAfterTheGrace()
    {
        Accept(1);
        WorkerSlot<int> slot = _target.Woken.Dequeue();
        _dispatcher.Supply.Refill(slot);
        Operation<int> operation = Begin(slot);
        _dispatcher.Stop(TimeSpan.FromMilliseconds(50));

        _time.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Equal(["chunk of 1", "stuck 1", "give up 1"], _target.Asked);
        Assert.Single(_dispatcher.GetReport().Stuck);
        Assert.Equal(OperationPhase.Ended, slot.Attempt.End(operation));
        _dispatcher.Supply.ComeBack(slot);
        Assert.Equal(["stuck -1", "retire 1"], _target.Asked.Skip(3));
        Assert.True(_dispatcher.GetReport().IsClean);
    }

    [Fact]
    public void Delay_IsHandedOutWhenItsTimeHasCome()
    {
        _dispatcher.Delay(new Operation<int>(1), TimeSpan.FromMilliseconds(20));
        Assert.Empty(_target.Woken);

        _time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Single(_target.Woken);
    }

    [Fact]
    public void DelayAndRequeue_Stopped_AreCancelled()
    {
        _dispatcher.Stop(TimeSpan.Zero);

        _dispatcher.Delay(new Operation<int>(1), TimeSpan.Zero);
        _dispatcher.Requeue(new Operation<int>(2));

        Assert.Equal(["cancel 1", "cancel 2"], _target.Asked);
    }

    [Fact]
    public void End_FinishesOnceTheLastWorkerHasLeft()
    {
        Accept(1);
        WorkerSlot<int> slot = _target.Woken.Dequeue();
        _dispatcher.Supply.Refill(slot);
        slot.Chunk.TryTakeFirst(out _);

        _dispatcher.End();
        Assert.DoesNotContain("finish", _target.Asked);
        Assert.False(_dispatcher.Supply.Refill(slot));

        Assert.Equal(["chunk of 1", "retire 1", "finish"], _target.Asked);
    }

    [Fact]
    public void WhateverIsAsked_IsAskedWithoutTheLock()
    {
        int asked = 0;
        _target.OnAsked = () =>
        {
            asked++;
            Assert.True(Task.Run(_dispatcher.CountRunning).Wait(BatchExtensions.WaitTimeout));
        };

        Accept(1);
        WorkerSlot<int> slot = _target.Woken.Dequeue();
        _dispatcher.Supply.Refill(slot);
        Begin(slot);
        _dispatcher.Stop(TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _dispatcher.Requeue(new Operation<int>(2));
        _dispatcher.End();

        // A lane was woken, its chunk told of, its attempt given up, an operation refused, and the end told.
        Assert.Equal(5, asked);
    }

    private static Operation<int> Begin(WorkerSlot<int> slot)
    {
        slot.Chunk.TryTakeFirst(out Operation<int>? operation);
        slot.Attempt.Begin(operation!);
        return operation!;
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

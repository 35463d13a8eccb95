using PortMgmt.Operations;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Queues;
using Xunit;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

public sealed class ReadyQueueTests
{
    private readonly DispatchState _state = new() { BatchSize = 3, FlushUnits = 10 };
    private bool _isClogged;

    [Fact]
    public void TakeShare_TakesByPriorityAndThenByArrival()
    {
        ReadyQueue<int> queue = Create();
        queue.Add(new Operation<int>(1), 0);
        queue.Add(new Operation<int>(2) { Priority = OperationPriority.High }, 0);
        queue.Add(new Operation<int>(3), 0);

        Assert.Equal([2, 1], Take(queue, 2));
        Assert.Equal([3], Take(queue, 2));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void TakeShare_LimitedType_IsTheLastOfAChunkAndTheRestIsHeldBack()
    {
        ReadyQueue<int> queue = Create(limits: new Dictionary<string, int> { ["db"] = 1 });
        List<Operation<int>> limited = [.. Enumerable.Range(1, 3).Select(i => new Operation<int>(i) { Type = "db" })];
        limited.ForEach(operation => queue.Add(operation, 0));
        queue.Add(new Operation<int>(9), 0);

        Assert.Equal([1], Take(queue, 3));
        Assert.Equal([9], Take(queue, 3));
        Assert.Empty(Take(queue, 3));
        queue.ReleaseType(limited[0].Gate!);
        Assert.Equal([2], Take(queue, 3));
    }

    [Fact]
    public void TakeBack_WhatWasNotStarted_IsTheNextToGoOut()
    {
        ReadyQueue<int> queue = Create();
        WorkerSlot<int> slot = FakeHost.CreateSlot(1, 1, 2, 3);
        queue.Add(new Operation<int>(4), 1);

        queue.TakeBack(slot.Chunk);

        Assert.Equal(0, slot.Chunk.Count);
        Assert.Equal([1, 2, 3, 4], Take(queue, 10));
    }

    [Fact]
    public void TakeBack_LimitedType_KeepsItsPlaceBeforeThoseHeldBack()
    {
        ReadyQueue<int> queue = Create(limits: new Dictionary<string, int> { ["db"] = 1 });
        List<Operation<int>> limited = [.. Enumerable.Range(1, 3).Select(i => new Operation<int>(i) { Type = "db", Sequence = i })];
        limited.ForEach(operation => queue.Add(operation, 0));
        queue.Add(new Operation<int>(9) { Sequence = 9 }, 0);
        List<Operation<int>> taken = [];
        queue.TakeShare(3, taken);
        Assert.Equal([9], Take(queue, 3));
        WorkerSlot<int> slot = FakeHost.CreateSlot(1);
        slot.Chunk.Fill(taken);

        queue.TakeBack(slot.Chunk);

        Assert.Equal([1], Take(queue, 3));
        Assert.Empty(Take(queue, 3));
        queue.ReleaseType(limited[0].Gate!);
        Assert.Equal([2], Take(queue, 3));
    }

    [Fact]
    public void ReleaseDelayed_MakesReadyWhatIsDueAndTellsWhenTheNextIs()
    {
        ReadyQueue<int> queue = Create();
        Operation<int> first = new(1);
        queue.Delay(new Operation<int>(2), 20);
        queue.Delay(first, 10);

        Assert.Equal(10, queue.ReleaseDelayed(9));
        Assert.Equal(0, queue.Count);
        Assert.Equal(20, queue.ReleaseDelayed(12));
        Assert.Equal(12, first.ReadyAt);
        Assert.Equal(12, queue.OldestReadyAt);
        Assert.Equal(long.MaxValue, queue.ReleaseDelayed(20));
        Assert.Equal([1, 2], Take(queue, 10));
    }

    [Fact]
    public void IsDue_Empty_IsFalseWhateverElse()
    {
        ReadyQueue<int> queue = Create();
        _isClogged = true;
        _state.EndInput();

        Assert.False(queue.IsDue(1000));
    }

    [Fact]
    public void IsDue_FullChunk_NeedsNoTime()
    {
        ReadyQueue<int> queue = Create();
        Add(queue, 2);
        Assert.False(queue.IsDue(0));

        Add(queue, 1);

        Assert.True(queue.IsDue(0));
    }

    [Fact]
    public void IsDue_OldestHasWaitedForTheFlushTime()
    {
        ReadyQueue<int> queue = Create();
        Add(queue, 1);

        Assert.False(queue.IsDue(9));
        Assert.True(queue.IsDue(10));
    }

    [Fact]
    public void IsDue_InputEnded_WaitsForNothing()
    {
        ReadyQueue<int> queue = Create();
        Add(queue, 1);

        _state.EndInput();

        Assert.True(queue.IsDue(0));
    }

    [Fact]
    public void IsDue_Clogged_WaitsForNothing()
    {
        ReadyQueue<int> queue = Create();
        Add(queue, 1);

        _isClogged = true;

        Assert.True(queue.IsDue(0));
    }

    [Fact]
    public void TryTakeChunk_TakesUpToTheBatchSizeAsOne()
    {
        ReadyQueue<int> queue = Create(deliverAsChunk: true);
        Add(queue, 4);

        Assert.Equal(2, queue.CountPieces());
        Assert.True(queue.TryTakeChunk(out Operation<int>? chunk, 0));
        Assert.Equal([0, 1, 2], chunk.Group!.Select(member => member.Input));
        Assert.Same(chunk, chunk.Group![0]);
        Assert.False(queue.TryTakeChunk(out _, 0));
        Assert.True(queue.TryTakeChunk(out Operation<int>? rest, 10));
        Assert.Equal(3, Assert.Single(rest.Group!).Input);
    }

    [Fact]
    public void TryTakeChunk_OneThatRunsAgain_ComesFirstAndAsItWas()
    {
        ReadyQueue<int> queue = Create(deliverAsChunk: true);
        Add(queue, 3);
        queue.TryTakeChunk(out Operation<int>? chunk, 0);
        Operation<int>[] members = chunk!.Group!;
        Add(queue, 3);

        queue.Delay(chunk, 5);
        queue.ReleaseDelayed(5);

        Assert.Equal(2, queue.CountPieces());
        Assert.True(queue.TryTakeChunk(out Operation<int>? again, 5));
        Assert.Same(chunk, again);
        Assert.Same(members, again.Group);
    }

    [Fact]
    public void TryTakeUnserved_LimitedType_LetsTheNextOfItGo()
    {
        ReadyQueue<int> queue = Create(limits: new Dictionary<string, int> { ["db"] = 1 });
        queue.Add(new Operation<int>(1) { Type = "db" }, 0);
        queue.Add(new Operation<int>(2) { Type = "db" }, 0);

        Assert.True(queue.TryTakeUnserved(out Operation<int>? first));
        Assert.True(queue.TryTakeUnserved(out Operation<int>? second));
        Assert.Equal((1, 2), (first.Input, second.Input));
        Assert.False(queue.TryTakeUnserved(out _));
    }

    [Fact]
    public void Drain_TakesWhatIsReadyHeldBackRepeatedOrDelayed()
    {
        ReadyQueue<int> queue = Create(limits: new Dictionary<string, int> { ["db"] = 1 });
        queue.Add(new Operation<int>(1) { Type = "db" }, 0);
        queue.Add(new Operation<int>(2) { Type = "db" }, 0);
        Take(queue, 1);
        Take(queue, 1);
        queue.Add(new Operation<int>(3), 0);
        queue.Delay(new Operation<int>(4), 10);
        Operation<int> chunk = new(5);
        chunk.Group = [chunk];
        queue.Delay(chunk, 0);
        queue.ReleaseDelayed(0);

        Assert.Equal([2, 3, 4, 5], queue.Drain().Select(operation => operation.Input).Order());
        Assert.Empty(queue.Drain());
    }

    private static List<int> Take(ReadyQueue<int> queue, int size)
    {
        List<Operation<int>> taken = [];
        queue.TakeShare(size, taken);
        return [.. taken.Select(operation => operation.Input)];
    }

    private static void Add(ReadyQueue<int> queue, int count)
    {
        for (int i = 0; i < count; i++)
        {
            queue.Add(new Operation<int>(i), 0);
        }
    }

    private ReadyQueue<int> Create(IReadOnlyDictionary<string, int>? limits = null, bool deliverAsChunk = false) =>
        new(limits, deliverAsChunk, _state, () => _isClogged, default);
}

using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Batches;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class BatchLedgerTests
{
    private readonly BatchLedger _ledger = new();

    [Fact]
    public async Task Expect_New_IsSentAndGetsItsResult()
    {
        Task<ClusterResult> result = Expect("a", out bool isSent);
        Assert.True(isSent);
        Assert.False(result.IsCompleted);
        _ledger.Take(Result("a"));
        Assert.Equal("a", (await result).OperationId);
        AssertCounts(resumed: 0, results: 1, repeats: 0);
    }

    [Fact]
    public async Task Expect_TwiceAtOnce_IsSentOnceAndBothGetTheResult()
    {
        Task<ClusterResult> first = Expect("a", out _);
        Task<ClusterResult> second = Expect("a", out bool isSent);
        Assert.False(isSent);
        _ledger.Take(Result("a"));
        Assert.Same(await first, await second);
    }

    [Fact]
    public async Task Take_SecondResult_IsARepeatAndDropped()
    {
        Task<ClusterResult> result = Expect("a", out _);
        _ledger.Take(Result("a"));
        _ledger.Take(Result("a", OperationStatus.Failed));
        Assert.Equal(OperationStatus.Succeeded, (await result).Status);
        AssertCounts(resumed: 0, results: 1, repeats: 1);
    }

    [Fact]
    public async Task Expect_ResultIsThereAlready_IsNotSent()
    {
        _ledger.Take(Result("a"));
        Task<ClusterResult> result = Expect("a", out bool isSent);
        Assert.False(isSent);
        Assert.Equal("a", (await result).OperationId);
        AssertCounts(resumed: 1, results: 1, repeats: 0);
    }

    [Theory]
    [InlineData(OperationStatus.Failed, OperationStatus.Succeeded)]
    [InlineData(OperationStatus.Succeeded, OperationStatus.Failed)]
    public async Task Take_TwoEarlyResults_TheSuccessCounts(OperationStatus first, OperationStatus second)
    {
        _ledger.Take(Result("a", first));
        _ledger.Take(Result("a", second));
        Assert.Equal(OperationStatus.Succeeded, (await Expect("a", out _)).Status);
        AssertCounts(resumed: 1, results: 1, repeats: 1);
    }

    [Fact]
    public void Expect_SentBefore_IsWaitedForAndNotSent()
    {
        _ledger.RecordSentBefore(["a"]);
        Task<ClusterResult> result = Expect("a", out bool isSent);
        Assert.False(isSent);
        _ledger.Take(Result("a"));
        Assert.True(result.IsCompletedSuccessfully);
        AssertCounts(resumed: 1, results: 1, repeats: 0);
    }

    [Fact]
    public void Expect_SentBeforeButForgotten_IsSentAgain()
    {
        _ledger.RecordSentBefore(["a", "b"]);
        _ledger.Forget(["a"]);
        Expect("a", out bool isSent);
        Assert.True(isSent);
        Expect("b", out isSent);
        Assert.False(isSent);
    }

    [Fact]
    public void NoteSentBefore_AfterItsResultWasForgotten_IsSentAgain()
    {
        _ledger.Forget(["a"]);
        _ledger.RecordSentBefore(["a"]);
        Expect("a", out bool isSent);
        Assert.True(isSent);
    }

    [Fact]
    public void NoteSentBefore_WhatIsKnownAlready_ChangesNothing()
    {
        Expect("waiting", out _);
        Expect("ended", out _);
        _ledger.Take(Result("ended"));
        _ledger.Take(Result("early"));
        _ledger.RecordSentBefore(["waiting", "ended", "early"]);
        Expect("ended", out bool isSent);
        Assert.True(isSent);
        Assert.True(Expect("early", out _).IsCompletedSuccessfully);
    }

    [Fact]
    public void StartOver_SomeWaitedFor_AreToBeSentAgainAndNothingCountsAsSent()
    {
        Expect("a", out _);
        Expect("b", out _);
        _ledger.Take(Result("a"));
        _ledger.RecordSentBefore(["c"]);
        PendingOperation again = Assert.Single(_ledger.StartOver());
        Assert.Equal(("b", "job"), (again.Id, again.Operation.Type));
        Expect("c", out bool isSent);
        Assert.True(isSent);
    }

    [Fact]
    public async Task Fail_One_LeavesTheOthers()
    {
        Task<ClusterResult> failed = _ledger.Expect(Operation("a"), out PendingOperation? pending);
        Task<ClusterResult> other = Expect("b", out _);
        _ledger.Fail(pending!, new OperationException(OperationErrorCode.OperationRejected, "no"));
        Assert.Equal(OperationErrorCode.OperationRejected, (await Assert.ThrowsAsync<OperationException>(() => failed)).Code);
        Assert.False(other.IsCompleted);
        _ = Expect("a", out bool isSent);
        Assert.True(isSent);
    }

    [Fact]
    public async Task FailAll_ThoseThatWaitAndThoseThatCome_AllFail()
    {
        Task<ClusterResult> waiting = Expect("a", out _);
        _ledger.FailAll(new OperationException(OperationErrorCode.BrokerUnreachable, "gone"));
        _ledger.FailAll(new OperationException(OperationErrorCode.BatchClosed, "closed"));
        Task<ClusterResult> late = Expect("b", out bool isSent);
        Assert.False(isSent);
        Assert.Equal(OperationErrorCode.BrokerUnreachable, (await Assert.ThrowsAsync<OperationException>(() => waiting)).Code);
        Assert.Equal(OperationErrorCode.BrokerUnreachable, (await Assert.ThrowsAsync<OperationException>(() => late)).Code);
    }

    private static ClusterOperation Operation(string id) => new(id, "job", "1"u8.ToArray());

    private static ClusterResult Result(string id, OperationStatus status = OperationStatus.Succeeded) => new() { OperationId = id, NodeId = "n", Status = status };

    private Task<ClusterResult> Expect(string id, out bool isSent)
    {
        Task<ClusterResult> result = _ledger.Expect(Operation(id), out PendingOperation? toSend);
        isSent = toSend is not null;
        return result;
    }

    private void AssertCounts(long resumed, long results, long repeats) =>
        Assert.Equal(new ClusterBatchCounts(0, resumed, results, repeats, 0), _ledger.Count(0));
}

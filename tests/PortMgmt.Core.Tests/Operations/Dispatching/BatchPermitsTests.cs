using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Dispatching;
using Xunit;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

public sealed class BatchPermitsTests
{
    private readonly ConcurrencyLimit _limit = new(2, 3);
    private readonly List<bool> _granted = [];
    private (object Operation, int Number)? _attempt = (new object(), 1);

    [Fact]
    public void TryTake_LimitReached_WaitsAndAsksNoMore()
    {
        BatchPermits permits = Create();

        Assert.True(permits.TryTake(out bool borrowed));
        Assert.False(borrowed);
        Assert.True(permits.TryTake(out _));
        Assert.False(permits.TryTake(out _));
        Assert.Equal((2, true, false), (permits.Held, permits.IsWaiting, permits.MayAsk));
        Assert.False(permits.TryTake(out _));
        Assert.Single(_limit.Set(3, 3));
    }

    [Fact]
    public void HasRoom_OwnMaximumBelowTheLimit_IsWhatHolds()
    {
        BatchPermits permits = Create(maxHeld: 1);
        permits.TryTake(out _);

        Assert.False(permits.HasRoom);
        Assert.Equal(1, permits.LaneLimit);
    }

    [Fact]
    public void Give_AnotherWaits_ItGetsThePermit()
    {
        BatchPermits one = Create();
        BatchPermits other = Create();
        one.TryTake(out _);
        one.TryTake(out _);
        other.TryTake(out _);

        IPermitWaiter? waiter = one.Give(borrowed: false);

        Assert.Same(other, waiter);
        waiter!.OnPermitGranted();
        Assert.Equal([false], _granted);
        Assert.True(other.Receive(borrowed: false));
        other.Keep();
        Assert.Equal((1, 1, false, 2), (one.Held, other.Held, other.IsWaiting, _limit.Active));
    }

    [Fact]
    public void Decline_NobodyElseWaits_ThePermitIsFree()
    {
        BatchPermits one = Create();
        BatchPermits other = Create();
        one.TryTake(out _);
        one.TryTake(out _);
        other.TryTake(out _);
        one.Give(borrowed: false);

        other.Receive(borrowed: false);

        Assert.Null(other.Decline(borrowed: false));
        Assert.Equal((0, 1), (other.Held, _limit.Active));
    }

    [Fact]
    public void TryTake_StartersPermit_ComesFirstAndOnce()
    {
        BatchPermits permits = Create(new BorrowedPermit(StartersPermit(), _attempt!.Value));

        Assert.True(permits.TryTake(out bool first));
        Assert.True(permits.TryTake(out bool second));
        Assert.Equal((true, false, 1), (first, second, _limit.Active));
    }

    [Fact]
    public void Give_StartersPermit_GoesToTheNextBatchOfTheSameStarter()
    {
        OperationPermit permit = StartersPermit();
        BatchPermits one = Create(new BorrowedPermit(permit, _attempt!.Value));
        BatchPermits other = Create(new BorrowedPermit(permit, _attempt!.Value));
        one.TryTake(out _);
        other.TryTake(out bool borrowed);
        Assert.False(borrowed);
        Assert.True(one.ShouldGive(borrowed: true, justCame: false));
        Assert.False(one.ShouldGive(borrowed: true, justCame: true));

        one.Give(borrowed: true)!.OnPermitGranted();

        Assert.Equal([true], _granted);
        Assert.True(other.Receive(borrowed: true));
        other.Keep();
        Assert.Equal(2, other.Held);
    }

    [Fact]
    public void Receive_StarterHasEnded_IsOfNoUse()
    {
        OperationPermit permit = StartersPermit();
        BatchPermits one = Create(new BorrowedPermit(permit, _attempt!.Value));
        BatchPermits other = Create(new BorrowedPermit(permit, _attempt!.Value));
        one.TryTake(out _);
        other.TryTake(out _);
        _attempt = null;

        Assert.NotNull(one.Give(borrowed: true));

        Assert.False(other.Receive(borrowed: true));
        Assert.Null(other.Decline(borrowed: true));
        Assert.Equal(1, other.Held);
    }

    [Fact]
    public void ShouldGive_LimitWasLowered_EvenWhoJustCame()
    {
        BatchPermits permits = Create();
        permits.TryTake(out _);
        permits.TryTake(out _);
        Assert.False(permits.ShouldGive(borrowed: false, justCame: true));

        _limit.Set(1, 1);

        Assert.True(permits.ShouldGive(borrowed: false, justCame: true));
    }

    [Fact]
    public void ShouldGive_AnotherWaitsAndThisHasMoreThanItsShare()
    {
        BatchPermits one = Create();
        BatchPermits other = Create();
        _limit.Join();
        _limit.Join();
        one.TryTake(out _);
        one.TryTake(out _);
        Assert.False(one.ShouldGive(borrowed: false, justCame: false));

        other.TryTake(out _);

        Assert.True(one.ShouldGive(borrowed: false, justCame: false));
        Assert.False(one.ShouldGive(borrowed: false, justCame: true));
    }

    [Fact]
    public void GrowLimit_Waiting_IsGrantedTheNewPermit()
    {
        BatchPermits permits = Create();
        permits.TryTake(out _);
        permits.TryTake(out _);
        Assert.False(permits.IsWaitingForGrowth);
        permits.TryTake(out _);
        Assert.True(permits.IsWaitingForGrowth);

        Assert.Equal([permits], permits.GrowLimit());

        Assert.True(permits.Receive(borrowed: false));
        Assert.False(permits.IsWaitingForGrowth);
    }

    private OperationPermit StartersPermit() => new(_limit, () => _attempt);

    private BatchPermits Create(BorrowedPermit? starter = null, int maxHeld = int.MaxValue) => new(_limit, starter, maxHeld, default, _granted.Add);
}

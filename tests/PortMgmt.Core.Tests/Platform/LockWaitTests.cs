using Microsoft.Extensions.Time.Testing;
using PortMgmt.Platform;
using Xunit;

namespace PortMgmt.Core.Tests.Platform;

/// <summary>When a wait for the lock is over, by a clock that only the test moves.</summary>
public sealed class LockWaitTests
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private long _hand = 1;

    [Fact]
    public void Look_LockStaysInOneHand_IsOverAfterTwoSeconds()
    {
        LockWait wait = Begin();

        Assert.Equal(TimeSpan.FromSeconds(2), BlockUntilOver(wait));

        Assert.False(wait.HasMoved);
        Assert.Equal(wait.Elapsed, wait.Unchanged);
    }

    [Fact]
    public void Look_LockChangesHandsAgainAndAgain_IsOverAfterAMinute()
    {
        LockWait wait = Begin();

        Assert.Equal(Limit, BlockUntilOver(wait, () => _hand++));

        Assert.True(wait.HasMoved);
    }

    [Fact]
    public void Look_LockStopsChangingHands_IsOverTwoSecondsAfterTheLastChange()
    {
        LockWait wait = Begin();

        Assert.Equal(TimeSpan.FromSeconds(7), BlockUntilOver(wait, () => _hand += wait.Elapsed <= TimeSpan.FromSeconds(5) ? 1 : 0));

        Assert.True(wait.HasMoved);
        Assert.Equal(Stall, wait.Unchanged);
    }

    [Fact]
    public void Look_LimitBelowTheStall_IsOverAtTheLimit() =>
        Assert.Equal(TimeSpan.FromMilliseconds(300), BlockUntilOver(Begin(TimeSpan.FromMilliseconds(300))));

    [Fact]
    public void Look_NoLimit_IsNeverOver()
    {
        LockWait wait = Begin(Timeout.InfiniteTimeSpan);
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(wait.Look() > TimeSpan.Zero);
            _time.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public void Look_BeforeTheEnd_BlocksNoLongerThanACancellationMayTake()
    {
        LockWait wait = Begin();

        Assert.InRange(wait.Look(), TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(500));
        _time.Advance(TimeSpan.FromMilliseconds(1900));
        Assert.Equal(TimeSpan.FromMilliseconds(100), wait.Look());
    }

    [Fact]
    public void Begin_NobodyInTheWay_LooksAtNothing()
    {
        _ = new LockWait(_time, Stall, Limit, () => throw new InvalidOperationException());
    }

    private LockWait Begin(TimeSpan? limit = null) => new(_time, Stall, limit ?? Limit, () => _hand);

    /// <summary>Blocks as long as each look allows, to the end of the wait; how long that was.</summary>
    private TimeSpan BlockUntilOver(LockWait wait, Action? between = null)
    {
        TimeSpan next;
        while ((next = wait.Look()) > TimeSpan.Zero)
        {
            _time.Advance(next);
            between?.Invoke();
        }

        return wait.Elapsed;
    }
}

using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations;
using PortMgmt.TestKit.Clocks;
using Xunit;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

public sealed class AttemptWatchdogTests : IDisposable
{
    private readonly TimerCountingClock _time = new();
    private readonly OperationClock _clock;
    private readonly DeadlineTimer _timer;
    private readonly WorkerSlot<int> _slot = FakeHost.CreateSlot(3);
    private int _ticks;

    public AttemptWatchdogTests()
    {
        _clock = new OperationClock(_time);
        _timer = new DeadlineTimer(_clock, () => _ticks++);
    }

    public void Dispose() => _timer.Dispose();

    [Fact]
    public void Watch_NoLimit_SetsNoTimer()
    {
        Create(timeout: null).Watch(_clock.Now);

        Assert.Equal(0, _time.PendingTimers);
    }

    [Fact]
    public void Watch_Limit_LooksWhenTheTimeIsUp()
    {
        Create(timeout: 100).Watch(_clock.Now);

        Advance(99);
        Assert.Equal(0, _ticks);
        Advance(1);
        Assert.Equal(1, _ticks);
    }

    [Fact]
    public void IsGivenUp_NothingRuns_IsNot()
    {
        Assert.False(IsGivenUp(Create(timeout: 100), out _));
    }

    [Fact]
    public void IsGivenUp_BeforeItsTime_LooksAgainThen()
    {
        AttemptWatchdog<int> watchdog = Create(timeout: 100);
        Begin();
        Advance(60);

        Assert.False(IsGivenUp(watchdog, out bool interrupted));
        Assert.False(interrupted);
        Advance(40);
        Assert.Equal(1, _ticks);
    }

    [Fact]
    public void IsGivenUp_BeyondItsTime_IsToldToStopFirst()
    {
        AttemptWatchdog<int> watchdog = Create(timeout: 100, grace: 50);
        Operation<int> operation = Begin();
        Advance(100);

        Assert.False(IsGivenUp(watchdog, out bool interrupted));

        Assert.True(interrupted);
        Assert.Equal(OperationPhase.TimeUp, OperationPhase.From(operation.State));
        Advance(50);
        Assert.Equal(1, _ticks);
    }

    [Fact]
    public void IsGivenUp_BeyondItsGrace_IsGivenUpAndStuck()
    {
        AttemptWatchdog<int> watchdog = Create(timeout: 100, grace: 50);
        Operation<int> operation = Begin();
        Advance(100);
        IsGivenUp(watchdog, out _);
        Advance(50);
        DeferredActions<int> deferred = default;

        Assert.True(watchdog.IsGivenUp(_slot, _clock.Now, ref deferred, out (Operation<int> Operation, int Phase) givenUp));

        Assert.Equal((operation, OperationPhase.TimeUp), givenUp);
        Assert.Equal([new StuckOperation(3, "a", operation.Sequence, TimeSpan.FromMilliseconds(150))], watchdog.Stuck);
        Assert.Equal(OperationPhase.Ended, _slot.Attempt.End(operation));
    }

    [Fact]
    public void IsGivenUp_HeedsWithinItsGrace_IsNot()
    {
        AttemptWatchdog<int> watchdog = Create(timeout: 100, grace: 50);
        Operation<int> operation = Begin();
        Advance(100);
        IsGivenUp(watchdog, out _);
        Assert.Equal(OperationPhase.TimeUp, _slot.Attempt.End(operation));
        Advance(50);

        Assert.False(IsGivenUp(watchdog, out _));
        Assert.Empty(watchdog.Stuck);
    }

    [Fact]
    public void Interrupt_Twice_CancelsOnceAndTheFirstGraceHolds()
    {
        AttemptWatchdog<int> watchdog = Create(grace: 50);
        Begin();
        Assert.True(Interrupt(watchdog));
        Advance(40);

        Assert.False(Interrupt(watchdog));
        Advance(10);

        Assert.True(IsGivenUp(watchdog, out _));
    }

    [Fact]
    public void SetGrace_HoldsForWhatIsToldToStopFromThenOn()
    {
        AttemptWatchdog<int> watchdog = Create(grace: 50);
        Begin();
        watchdog.SetGrace(TimeSpan.FromMilliseconds(500));
        Interrupt(watchdog);

        Advance(499);
        Assert.False(IsGivenUp(watchdog, out _));
        Advance(1);
        Assert.True(IsGivenUp(watchdog, out _));
    }

    [Fact]
    public void TryForget_CameBack_IsStuckNoMore()
    {
        AttemptWatchdog<int> watchdog = Create(grace: 0);
        Begin();
        Interrupt(watchdog);
        Assert.False(watchdog.TryForget(_slot));
        Assert.True(IsGivenUp(watchdog, out _));

        Assert.True(watchdog.TryForget(_slot));

        Assert.False(watchdog.TryForget(_slot));
        Assert.Empty(watchdog.Stuck);
    }

    private Operation<int> Begin()
    {
        Operation<int> operation = new(1) { Id = "a", StartedAt = _clock.Now };
        _slot.Attempt.Begin(operation);
        return operation;
    }

    private bool IsGivenUp(AttemptWatchdog<int> watchdog, out bool interrupted)
    {
        CancellationToken token = _slot.Attempt.Token;
        DeferredActions<int> deferred = default;
        bool givenUp = watchdog.IsGivenUp(_slot, _clock.Now, ref deferred, out _);
        deferred.Run(_ => { }, () => { });
        interrupted = token.IsCancellationRequested;
        return givenUp;
    }

    private bool Interrupt(AttemptWatchdog<int> watchdog)
    {
        int before = OperationPhase.From(_slot.Attempt.Current!.State);
        DeferredActions<int> deferred = default;
        watchdog.Interrupt(_slot, OperationPhase.Stopping, _clock.Now, ref deferred);
        return before != OperationPhase.From(_slot.Attempt.Current!.State);
    }

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private AttemptWatchdog<int> Create(int? timeout = null, int grace = 50) => new(
        _clock, _timer, timeout is int limit ? TimeSpan.FromMilliseconds(limit) : null, TimeSpan.FromMilliseconds(grace), default);
}

using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Dispatching;
using PortMgmt.TestKit.Clocks;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class DeadlineTimerTests : IDisposable
{
    private readonly TimerCountingClock _clock = new();
    private readonly DeadlineTimer _timer;
    private readonly long _start;
    private int _calls;

    public DeadlineTimerTests()
    {
        _timer = new DeadlineTimer(new OperationClock(_clock), () => _calls++);
        _start = _clock.GetTimestamp();
    }

    [Fact]
    public void ArmBy_SeveralTimes_GoesOffOnceAtTheEarliest()
    {
        _timer.ArmBy(Units(20));
        _timer.ArmBy(Units(10));
        _timer.ArmBy(Units(30));

        _clock.Advance(TimeSpan.FromMilliseconds(9));
        Assert.Equal(0, _calls);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, _calls);
        Assert.Equal(0, _clock.PendingTimers);
    }

    [Fact]
    public void ArmBy_InThePast_GoesOffAtOnce()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        _timer.ArmBy(Units(10));
        _clock.Advance(TimeSpan.Zero);

        Assert.Equal(1, _calls);
    }

    [Fact]
    public void ArmBy_AfterDispose_SetsNoTimer()
    {
        _timer.Dispose();
        _timer.ArmBy(Units(10));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((0, 0), (_calls, _clock.PendingTimers));
    }

    public void Dispose() => _timer.Dispose();

    private long Units(double milliseconds) => _start + TimeSpan.FromMilliseconds(milliseconds).Ticks;
}

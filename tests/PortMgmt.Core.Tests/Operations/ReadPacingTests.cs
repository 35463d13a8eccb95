using PortMgmt.Operations.Results;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class ReadPacingTests
{
    [Theory]
    [InlineData(1, 0.018, 1, 1024, 1024, true)] // 55 to come in a pause
    [InlineData(60, 1.1, 1, 1024, 1024, true)]
    [InlineData(8, 1, 1, 1024, 1024, true)]
    [InlineData(7, 1, 1, 1024, 1024, false)] // a wake-up for each costs little
    [InlineData(0, 5, 1, 1024, 1024, false)]
    [InlineData(512, 1, 1, 1024, 1024, true)]
    [InlineData(513, 1, 1, 1024, 1024, false)] // the workers might run out of operations
    [InlineData(60, 1.1, 16, 1024, 1024, false)] // a clock as coarse as that of Windows, and the same
    [InlineData(20, 1.1, 16, 1024, 1024, true)]
    [InlineData(60, 1.1, 1, 64, 1024, false)]
    [InlineData(60, 1, 1, 1024, 60, true)]
    [InlineData(60, 1, 1, 1024, 59, false)] // the last would wait for the end of the pause
    [InlineData(5, 0.05, 1, 1024, 20, false)]
    public void IsWorthwhile_ByWhatIsToBeExpected(long read, double elapsedMs, double pauseMs, int capacity, long unread, bool expected) =>
        Assert.Equal(
            expected,
            ReadPacing.IsWorthwhile(read, TimeSpan.FromMilliseconds(elapsedMs), TimeSpan.FromMilliseconds(pauseMs), TimeSpan.MaxValue, capacity, unread));

    [Theory]
    [InlineData(1, 0, false)] // a look that is not to take any time
    [InlineData(1, 1, true)]
    [InlineData(16, 15, false)]
    [InlineData(16, 16, true)]
    public void IsWorthwhile_NoLongerThanTheReaderMayWait(double pauseMs, double longestMs, bool expected) =>
        Assert.Equal(
            expected,
            ReadPacing.IsWorthwhile(20, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(pauseMs), TimeSpan.FromMilliseconds(longestMs), 1024, 1024));

    [Fact]
    public void IsWorthwhile_NoTimeHasPassed_IsNot()
    {
        Assert.False(ReadPacing.IsWorthwhile(0, TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.MaxValue, 1024, 1024));
        Assert.False(ReadPacing.IsWorthwhile(5, TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.MaxValue, 1024, 1024));
    }

    [Theory]
    [InlineData(40, 0, 40)]
    [InlineData(40, 999, 40)]
    [InlineData(40, 1000, 1)] // one that the system made long does not keep the batch from others
    [InlineData(1, 5000, 1)]
    public void ExpectedPause_IsAsTheLastOneForASecond(double lastMs, double agoMs, double expectedMs) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(expectedMs),
            ReadPacing.ExpectedPause(TimeSpan.FromMilliseconds(lastMs), TimeSpan.FromMilliseconds(agoMs)));
}

using PortMgmt.Operations.Results;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class ReadPacingTests
{
    [Theory]
    [InlineData(1, 0.018, 0, 1024, 1)] // 55 to come in a pause
    [InlineData(60, 1.1, 0, 1024, 1)]
    [InlineData(8, 1, 0, 1024, 1)]
    [InlineData(7, 1, 0, 1024, 2)]
    [InlineData(2, 1, 0, 1024, 4)]
    [InlineData(8, 8, 0, 1024, 8)]
    [InlineData(7, 8, 0, 1024, 0)] // the first would wait too long for the eighth
    [InlineData(0, 5, 0, 1024, 0)]
    [InlineData(512, 1, 0, 512, 1)]
    [InlineData(513, 1, 0, 512, 0)] // the workers might run out of operations, or the last would wait for the end of the pause
    [InlineData(2, 1, 0, 7, 0)]
    [InlineData(60, 1.1, 15, 512, 0)] // a clock as coarse as that of Windows, and the same
    [InlineData(20, 1.1, 15, 512, 1)]
    [InlineData(2, 1, 3, 512, 1)] // what the system adds is enough
    [InlineData(5, 0.05, 0, 20, 0)]
    public void ChoosePause_ByWhatIsToBeExpected(long read, double elapsedMs, double excessMs, double most, double expectedMs) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(expectedMs),
            ReadPacing.ChoosePause(read, TimeSpan.FromMilliseconds(elapsedMs), TimeSpan.FromMilliseconds(excessMs), most, TimeSpan.MaxValue));

    [Theory]
    [InlineData(0, 0, 0)] // a look that is not to take any time
    [InlineData(0, 3, 0)]
    [InlineData(0, 4, 4)]
    [InlineData(3, 3, 0)]
    [InlineData(3, 4, 1)]
    public void ChoosePause_NoLongerThanTheReaderMayWait(double excessMs, double longestMs, double expectedMs) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(expectedMs),
            ReadPacing.ChoosePause(2, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(excessMs), 1024, TimeSpan.FromMilliseconds(longestMs)));

    [Fact]
    public void ChoosePause_NoTimeHasPassed_IsNone()
    {
        Assert.Equal(TimeSpan.Zero, ReadPacing.ChoosePause(0, TimeSpan.Zero, TimeSpan.Zero, 1024, TimeSpan.MaxValue));
        Assert.Equal(TimeSpan.Zero, ReadPacing.ChoosePause(5, TimeSpan.Zero, TimeSpan.Zero, 1024, TimeSpan.MaxValue));
    }

    [Theory]
    [InlineData(40, 0, 40)]
    [InlineData(40, 999, 40)]
    [InlineData(40, 1000, 0)] // one that the system made long does not keep the batch from others
    [InlineData(1, 5000, 0)]
    public void ExpectedExcess_IsAsTheLastOneForASecond(double lastMs, double agoMs, double expectedMs) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(expectedMs),
            ReadPacing.ExpectedExcess(TimeSpan.FromMilliseconds(lastMs), TimeSpan.FromMilliseconds(agoMs)));
}

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
            ReadPacing.ChoosePause(read, TimeSpan.FromMilliseconds(elapsedMs), TimeSpan.FromMilliseconds(excessMs), most));

    [Fact]
    public void ChoosePause_NoTimeHasPassed_IsNone()
    {
        Assert.Equal(TimeSpan.Zero, ReadPacing.ChoosePause(0, TimeSpan.Zero, TimeSpan.Zero, 1024));
        Assert.Equal(TimeSpan.Zero, ReadPacing.ChoosePause(5, TimeSpan.Zero, TimeSpan.Zero, 1024));
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

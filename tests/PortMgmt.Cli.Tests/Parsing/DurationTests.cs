using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Tests.Parsing;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("10m", 600_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("0s", 0)]
    public void TryParse_WholeNumberWithUnit_ReadsIt(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
        Assert.Equal(text, Duration.Format(duration));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1.5h")]
    [InlineData("1 s")]
    [InlineData("10x")]
    [InlineData("10S")]
    [InlineData("10001d")]
    [InlineData("99999999999999999999s")]
    public void TryParse_AnythingElse_Refuses(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData(90_000, "90s")]
    [InlineData(1_500, "1500ms")]
    [InlineData(172_800_000, "2d")]
    public void Format_AnyDuration_UsesTheLargestWholeUnit(long milliseconds, string text) =>
        Assert.Equal(text, Duration.Format(TimeSpan.FromMilliseconds(milliseconds)));
}

using System.Globalization;
using PortMgmt.Leases.Registry;
using PortMgmt.Ports;
using PortMgmt.Text;
using Xunit;

namespace PortMgmt.Core.Tests.Text;

public sealed class DurationTextTests
{
    /// <summary>The table that holds for both heads: tests of the command line and of the module read it too.</summary>
    public static TheoryData<string, string, string> Rows =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "tables", "durations.csv")).Skip(1).Select(line => line.Split(';')).Select(row => (row[0], row[1], row[2]))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void TryParse_TheTable_IsReadOrRefused(string text, string milliseconds, string written)
    {
        bool isDuration = DurationText.TryParse(text, out TimeSpan duration);

        Assert.Equal(milliseconds.Length > 0, isDuration);
        if (isDuration)
        {
            Assert.Equal(double.Parse(milliseconds, CultureInfo.InvariantCulture), duration.TotalMilliseconds);
            Assert.Equal(written, DurationText.Format(duration));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u0661s")]
    [InlineData("\u00A030s")]
    [InlineData("30s\u3000")]
    [InlineData("30s\u2028")]
    [InlineData("99999999999999999999999999999999999999999999999")]
    [InlineData("99999999999999999999999999999999999999d1s")]
    public void TryParse_NothingOfTheTable_Refuses(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void TryParse_WhiteSpaceAround_DoesNotCount()
    {
        Assert.True(DurationText.TryParse(" 30s\t", out TimeSpan duration));
        Assert.Equal(TimeSpan.FromSeconds(30), duration);
    }

    [Theory]
    [InlineData("24:00:00", "Write 24h, since hours end at 23")]
    [InlineData("00:00:60", "Write 60s, since hours end at 23, and minutes and seconds at 59")]
    [InlineData("1:60:00", "Write 1h60m,")]
    [InlineData("36:00", "Write 36h,")]
    [InlineData("10S", "Write 10s.")]
    [InlineData("1h 30M", "Write 1h30m.")]
    [InlineData("\u00A030s", "Write 30s.")]
    [InlineData("10000d", "The longest is 3650d.")]
    [InlineData("99999999999999999999999999999999999999999d", "The longest is 3650d.")]
    [InlineData("0.00000001s", "It is shorter than 100 ns")]
    [InlineData("soon", "Write a number with")]
    [InlineData("1:2:3:4", "Write a number with")]
    [InlineData("-1:00", "Write a number with")]
    [InlineData("99999999:00:00", "Write a number with")]
    [InlineData("", "Write a number with")]
    public void Explain_TextThatIsNone_SaysWhyAndHowToWriteIt(string text, string start)
    {
        Assert.False(DurationText.TryParse(text, out _));
        Assert.StartsWith(start, DurationText.Explain(text), StringComparison.Ordinal);
        Assert.EndsWith(DurationText.Forms, DurationText.Explain(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Max_LongestDuration_IsTheLongestThatALeaseMayLive() =>
        Assert.Throws<PortRegistryException>(() => LeaseTime.Check(DurationText.Max + TimeSpan.FromTicks(1)));

    [Fact]
    public void TryParse_AnyCulture_ReadsThePointAlike()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.True(DurationText.TryParse("1.5s", out TimeSpan duration));
            Assert.Equal("1500ms", DurationText.Format(duration));
            Assert.Equal("0.5ms", DurationText.Format(duration / 3000));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(90_000, "90s")]
    [InlineData(1_500, "1500ms")]
    [InlineData(172_800_000, "2d")]
    public void Format_AnyDuration_UsesTheLargestWholeUnit(long milliseconds, string text) =>
        Assert.Equal(text, DurationText.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Format_OneTick_IsReadBack()
    {
        Assert.True(DurationText.TryParse(DurationText.Format(TimeSpan.FromTicks(1)), out TimeSpan duration));
        Assert.Equal(1, duration.Ticks);
    }
}

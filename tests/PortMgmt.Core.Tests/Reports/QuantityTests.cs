using PortMgmt.Text;
using Xunit;

namespace PortMgmt.Core.Tests.Reports;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(1, "100 ns")]
    [InlineData(123, "12.3 µs")]
    [InlineData(9_994, "999 µs")]
    [InlineData(9_996, "1 ms")]
    [InlineData(45_600, "4.56 ms")]
    [InlineData(9_999_000, "1 s")]
    [InlineData(12_345_678, "1.23 s")]
    [InlineData(999_000_000, "99.9 s")]
    [InlineData(1_250_000_000, "2 min 5 s")]
    [InlineData(35_999_990_000, "1 h")]
    [InlineData(120_000_000_000, "3 h 20 min")]
    [InlineData(900_000_000_000, "1 d 1 h")]
    [InlineData(-123, "-12.3 µs")]
    public void TimeHasThreeDigitsAndItsUnit(long ticks, string expected) => Assert.Equal(expected, Quantity.Time(new TimeSpan(ticks)));

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.0001, "< 0.1 %")]
    [InlineData(0.1234, "12.3 %")]
    [InlineData(0.99999, "> 99.9 %")]
    [InlineData(1, "100 %")]
    public void ShareIsNeverRoundedToAllOrNothing(double share, string expected) => Assert.Equal(expected, Quantity.Share(share));

    [Theory]
    [InlineData(0.5, "0.5/s")]
    [InlineData(12.34, "12.3/s")]
    [InlineData(1234.5, "1,234/s")]
    public void RateHasItsUnit(double rate, string expected) => Assert.Equal(expected, Quantity.Rate(rate));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(89_339_756, "85.2 MB")]
    public void SizeHasItsUnit(long bytes, string expected) => Assert.Equal(expected, Quantity.Size(bytes));
}

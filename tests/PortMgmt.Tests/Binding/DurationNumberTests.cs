using System.Management.Automation;
using PortMgmt.PowerShell.Binding;
using Xunit;

namespace PortMgmt.Tests.Binding;

public sealed class DurationNumberTests
{
    private readonly DurationNumberAttribute _seconds = new();
    private readonly DurationNumberAttribute _milliseconds = new() { Milliseconds = true };

    [Theory]
    [InlineData(30)]
    [InlineData(-1)]
    [InlineData(0.5)]
    [InlineData("30")]
    [InlineData("1e3")]
    public void Transform_Number_IsTheEnginesToRead(object given)
    {
        Assert.Equal(given, _seconds.Transform(given));
        Assert.Equal(given, _milliseconds.Transform(given));
    }

    [Theory]
    [InlineData("2m", 120)]
    [InlineData("1h30m", 5400)]
    [InlineData("00:01:00", 60)]
    public void Transform_Duration_IsANumberOfTheUnit(string given, double seconds)
    {
        Assert.Equal(seconds, _seconds.Transform(given));
        Assert.Equal(seconds * 1000, _milliseconds.Transform(given));
        Assert.Equal(seconds, _seconds.Transform(TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public void Transform_Decimal_IsRefused() => Assert.Throws<ArgumentTransformationMetadataException>(() => _seconds.Transform(1m));

    [Fact]
    public void Transform_SomethingElse_IsABindingErrorThatNamesIt() => Assert.Contains(
        "'soon'", Assert.Throws<ArgumentTransformationMetadataException>(() => _seconds.Transform("soon")).Message, StringComparison.Ordinal);
}

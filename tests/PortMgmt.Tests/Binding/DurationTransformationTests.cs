using System.Management.Automation;
using PortMgmt.PowerShell.Binding;
using Xunit;

namespace PortMgmt.Tests.Binding;

public sealed class DurationTransformationTests
{
    private readonly DurationTransformationAttribute _attribute = new();

    [Theory]
    [InlineData(90, 90)]
    [InlineData(1.5, 1.5)]
    [InlineData("90", 90)]
    [InlineData(" 10m ", 600)]
    [InlineData("1h30m", 5400)]
    [InlineData("00:10:00", 600)]
    public void Transform_NumberOrText_IsALengthOfTime(object given, double seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), _attribute.Transform(given));
        Assert.Equal(TimeSpan.FromSeconds(seconds), _attribute.Transform(PSObject.AsPSObject(given)));
    }

    [Fact]
    public void Transform_TimeSpan_StaysAsItIs() => Assert.Equal(TimeSpan.FromTicks(7), _attribute.Transform(TimeSpan.FromTicks(7)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Transform_NothingOrAnEmptyCell_IsNull(object? given) => Assert.Null(_attribute.Transform(given));

    [Theory]
    [InlineData("soon")]
    [InlineData("10 minutes")]
    public void Transform_SomethingElse_IsABindingErrorThatNamesIt(string given) => Assert.Contains(
        $"'{given}'", Assert.Throws<ArgumentTransformationMetadataException>(() => _attribute.Transform(given)).Message, StringComparison.Ordinal);
}

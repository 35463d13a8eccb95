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

    public static TheoryData<object, string> Several => new()
    {
        { new object[] { "1h", "2h" }, "A duration is one value, and these are 2: '1h', '2h'. Give one of them." },
        { new List<object> { 5 }, "A duration is one value, and these are 1: '5'. Give one of them." },
        { Array.Empty<object>(), "A duration is one value, and this is an empty list." },
        { new System.Collections.Hashtable { ["h"] = 1 }, "A table is no duration." },
    };

    [Theory]
    [MemberData(nameof(Several))]
    public void Transform_AList_IsRefusedByWhatIsInIt(object given, string reason)
    {
        foreach (object form in new[] { given, PSObject.AsPSObject(given) })
        {
            Assert.StartsWith(reason, Assert.Throws<ArgumentTransformationMetadataException>(() => _attribute.Transform(form)).Message, StringComparison.Ordinal);
        }

        Assert.StartsWith(reason, Assert.Throws<ArgumentTransformationMetadataException>(() => new DurationNumberAttribute().Transform(given)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_DecimalThatNothingWasTypedFor_IsRefusedWithBothSpellings()
    {
        string message = Assert.Throws<ArgumentTransformationMetadataException>(() => _attribute.Transform(1m)).Message;

        Assert.Contains("'1d'", message, StringComparison.Ordinal);
        Assert.Contains("86400", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentTransformationMetadataException>(() => _attribute.Transform(PSObject.AsPSObject(1m)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    [InlineData(long.MaxValue)]
    public void Transform_NumberThatIsNoLength_IsABindingError(object given) =>
        Assert.Throws<ArgumentTransformationMetadataException>(() => _attribute.Transform(given));

    [Theory]
    [InlineData(50)]
    [InlineData(0.5)]
    [InlineData("50")]
    [InlineData(" 50 ")]
    public void Transform_UnitRequired_RefusesANumberWithout(object given)
    {
        DurationTransformationAttribute strict = new() { UnitRequired = true };

        Assert.Contains("has no unit", Assert.Throws<ArgumentTransformationMetadataException>(() => strict.Transform(given)).Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMilliseconds(50), strict.Transform("50ms"));
        Assert.Equal(TimeSpan.FromMilliseconds(50), strict.Transform(TimeSpan.FromMilliseconds(50)));
    }

    [Theory]
    [InlineData("\u00A030s")]
    [InlineData("\u00A0")]
    public void Transform_SpaceOfAnotherKind_DoesNotPass(string given) =>
        Assert.Throws<ArgumentTransformationMetadataException>(() => _attribute.Transform(given));
}

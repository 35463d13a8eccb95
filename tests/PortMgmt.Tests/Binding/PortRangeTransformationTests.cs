using System.Management.Automation;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using Xunit;

namespace PortMgmt.Tests.Binding;

public sealed class PortRangeTransformationTests
{
    private readonly PortRangeTransformationAttribute _attribute = new();

    [Theory]
    [InlineData("20000-20100", 20000, 20100)]
    [InlineData("8080", 8080, 8080)]
    [InlineData(" 8080 , ", 8080, 8080)]
    [InlineData(8080, 8080, 8080)]
    public void Transform_OneRange_IsThatRange(object given, int first, int last)
    {
        Assert.Equal(new PortRange(first, last), _attribute.Transform(given));
        Assert.Equal(new PortRange(first, last), _attribute.Transform(PSObject.AsPSObject(given)));
    }

    public static TheoryData<object> SeveralForms => ["8080, 9000-9100", new object[] { 8080, "9000-9100" }, new object?[] { "8080", null, new PortRange(9000, 9100) }, new object[] { new object[] { PSObject.AsPSObject(8080) }, "9000-9100" }];

    [Theory]
    [MemberData(nameof(SeveralForms))]
    public void Transform_Several_AreAnArrayInTheirOrder(object given) =>
        Assert.Equal([new PortRange(8080, 8080), new PortRange(9000, 9100)], Assert.IsType<PortRange[]>(_attribute.Transform(given)));

    [Fact]
    public void Transform_RangesThemselves_StayAsTheyAre()
    {
        PortRange[] ranges = [new(1, 2), new(3, 4)];

        Assert.Same(ranges, _attribute.Transform(ranges));
        Assert.Equal(new PortRange(1, 2), _attribute.Transform(new PortRange(1, 2)));
    }

    [Fact]
    public void Transform_Nothing_IsNullForACellAndNoneForAnArray()
    {
        Assert.Null(_attribute.Transform(""));
        Assert.Null(_attribute.Transform(null));
        Assert.Empty(Assert.IsType<PortRange[]>(_attribute.Transform(Array.Empty<object>())));
    }

    [Theory]
    [InlineData("web")]
    [InlineData("9100-9000")]
    [InlineData("8080, web")]
    [InlineData(70000)]
    [InlineData(true)]
    public void Transform_NoRange_IsABindingError(object given) =>
        Assert.Throws<ArgumentTransformationMetadataException>(() => _attribute.Transform(given));
}

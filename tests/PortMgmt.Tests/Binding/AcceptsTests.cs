using System.Management.Automation;
using PortMgmt.PowerShell.Binding;
using Xunit;

namespace PortMgmt.Tests.Binding;

public sealed class AcceptsTests
{
    private readonly AcceptsAttribute _attribute = new(typeof(string));

    public static TheoryData<object> Taken => ["web", PSObject.AsPSObject("web"), new object[] { 1, 2 }];

    [Theory]
    [MemberData(nameof(Taken))]
    public void Transform_TheTypeOrAnArray_IsTakenAsItIs(object given) => Assert.Same(given, _attribute.Transform(given));

    [Fact]
    public void Transform_Nothing_IsTakenAsItIs() => Assert.Null(_attribute.Transform(null));

    [Fact]
    public void Transform_AnotherType_FailsInTheWayThatTheEnginePassesOver()
    {
        ArgumentTransformationMetadataException failure = Assert.Throws<ArgumentTransformationMetadataException>(() => _attribute.Transform(42));

        Assert.Equal("An object of type System.Int32 is no String.", failure.Message);
        Assert.IsType<PSInvalidCastException>(failure.InnerException);
    }
}

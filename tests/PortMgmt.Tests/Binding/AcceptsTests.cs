using System.Management.Automation;
using PortMgmt.PowerShell.Binding;
using Xunit;

namespace PortMgmt.Tests.Binding;

public sealed class AcceptsTests
{
    private readonly AcceptsAttribute _attribute = new(typeof(string));

    public static TheoryData<object> Taken => ["web", PSObject.AsPSObject("web"), new object[] { "web", "api" }, new object?[] { null }];

    [Theory]
    [MemberData(nameof(Taken))]
    public void Transform_TheTypeOrAnArrayOfIt_IsTakenAsItIs(object given) => Assert.Same(given, _attribute.Transform(given));

    [Fact]
    public void Transform_AListOfTheType_BecomesAnArray()
    {
        List<string> given = ["web", "api"];

        Assert.Equal(given, Assert.IsType<object[]>(_attribute.Transform(given)));
    }

    [Fact]
    public void Transform_AListWithAnotherType_FailsAsThatTypeAlone()
    {
        object[] given = ["web", 42];

        ArgumentTransformationMetadataException failure = Assert.Throws<ArgumentTransformationMetadataException>(() => _attribute.Transform(given));

        Assert.Equal("An object of type System.Int32 is no String.", failure.Message);
        Assert.IsType<PSInvalidCastException>(failure.InnerException);
    }

    [Fact]
    public void Transform_AListWithAnotherTypeWhereNobodyElseTakesLists_IsRefusedForGood()
    {
        var alone = new AcceptsAttribute(typeof(IConvertible)) { HasAllLists = true };
        object[] given = ["web", new Version(1, 0)];

        ArgumentTransformationMetadataException failure = Assert.Throws<ArgumentTransformationMetadataException>(() => alone.Transform(given));

        Assert.Contains("an object of type System.Version", failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.InnerException);
    }

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

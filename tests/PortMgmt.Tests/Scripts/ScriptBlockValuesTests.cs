using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Scripts;
using Xunit;

namespace PortMgmt.Tests.Scripts;

public sealed class ScriptBlockValuesTests
{
    private static readonly ScriptBlock Block = Blocks.Parse("1").GetScriptBlock();

    public static TheoryData<object> WithBlocks =>
    [
        Block, PSObject.AsPSObject(Block), new object[] { 1, Block }, new object[] { PSObject.AsPSObject(Block) }, new ArrayList { Block },
        new List<object> { Block }, new Hashtable { ["a"] = Block }, new OrderedDictionary { ["a"] = 1, ["b"] = Block },
        PSObject.AsPSObject(new Hashtable { ["a"] = Block }),
    ];

    public static TheoryData<object> WithoutBlocks => [1, "{ 1 }", new object[] { 1, "a" }, new ArrayList(), new Hashtable { ["a"] = "b" }, new PSObject()];

    [Theory]
    [MemberData(nameof(WithBlocks))]
    public void IsIn_ABlockOrACollectionThatHasOne_IsTrue(object value) => Assert.True(ScriptBlockValues.IsIn(value));

    [Theory]
    [MemberData(nameof(WithoutBlocks))]
    public void IsIn_AnythingElse_IsFalse(object value) => Assert.False(ScriptBlockValues.IsIn(value));

    [Fact]
    public void IsIn_Nothing_IsFalse() => Assert.False(ScriptBlockValues.IsIn(null));

    [Fact]
    public void Refusal_OfAValue_SaysWhoseItIsAndWhatToDo()
    {
        OperationException failure = ScriptBlockValues.Refusal("The value of $x");

        Assert.Equal(OperationErrorCode.InvalidScriptBlockValue, failure.Code);
        Assert.StartsWith("The value of $x is a script block", failure.Message, StringComparison.Ordinal);
        Assert.Contains("[scriptblock]::Create()", failure.Message, StringComparison.Ordinal);
    }
}

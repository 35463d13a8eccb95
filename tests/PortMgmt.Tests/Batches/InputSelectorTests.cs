using System.Management.Automation;
using PortMgmt.PowerShell.Batches;
using Xunit;

namespace PortMgmt.Tests.Batches;

[Collection(EngineTests.Name)]
public sealed class InputSelectorTests(EngineFixture engine)
{
    [Theory]
    [InlineData(null)]
    [InlineData("web")]
    [InlineData(42)]
    public void Select_Constant_IsThatForEveryInput(object? value)
    {
        Assert.Equal(value, new InputSelector(value).Select(1));
        Assert.Equal(value, new InputSelector(value is null ? null : PSObject.AsPSObject(value)).Select(null));
    }

    [Theory]
    [InlineData("$_ + 1", 2)]
    [InlineData("$args[0] + 1", 2)]
    [InlineData("'a'; 'b'", "b")]
    [InlineData("'a'; $null", null)]
    [InlineData("if ($false) { 1 }", null)]
    public void Select_ScriptBlock_IsTheLastOfItsOutput(string block, object? expected)
    {
        engine.Enter();

        Assert.Equal(expected, new InputSelector(ScriptBlock.Create(block)).Select(1));
    }

    [Fact]
    public void Select_ScriptBlockCalledAgain_SeesTheNextInput()
    {
        engine.Enter();
        var selector = new InputSelector(ScriptBlock.Create("$_ * 10"));

        Assert.Equal([10, 20, 30], Enumerable.Range(1, 3).Select(input => selector.Select(input)));
    }
}

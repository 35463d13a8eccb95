using System.Collections;
using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Batches;
using Xunit;

namespace PortMgmt.Tests.Batches;

[Collection(EngineTests.Name)]
public sealed class IdSelectorTests(EngineFixture engine)
{
    [Fact]
    public void Select_NoneAskedFor_IsNull() => Assert.Null(new IdSelector(null).Select("web"));

    [Theory]
    [InlineData("Length", "web", "3")]
    [InlineData("length", "web", "3")]
    public void Select_Property_IsItsText(string property, string input, string expected) =>
        Assert.Equal(expected, new IdSelector(property).Select(input));

    [Fact]
    public void Select_PropertyOfACustomObject_IsItsText() =>
        Assert.Equal("web", new IdSelector("Name").Select(engine.Run("[pscustomobject]@{ Name = 'web'; Port = 80 }")[0]));

    [Fact]
    public void Select_KeyOfATable_ComesBeforeItsProperties() =>
        Assert.Equal("mine", new IdSelector("Count").Select(PSObject.AsPSObject(new Hashtable { ["Count"] = "mine" })));

    [Theory]
    [InlineData("$_ * 2", "42")]
    [InlineData("if ($true) { 'a' }", "a")]
    [InlineData("1.5", "1.5")]
    public void Select_ScriptBlock_IsItsOutput(string block, string expected)
    {
        ScriptBlock script = Create(block);

        Assert.Equal(expected, new IdSelector(script).Select(21));
        Assert.Equal(expected, new IdSelector(PSObject.AsPSObject(script)).Select(21));
    }

    [Fact]
    public void Select_InputWithoutTheProperty_NamesBoth()
    {
        OperationException failure = Assert.Throws<OperationException>(() => new IdSelector("Name").Select("web"));

        Assert.Equal(OperationErrorCode.IdNotFound, failure.Code);
        Assert.StartsWith("The input 'web' has no property 'Name' with a value", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_NoInput_HasNoId() =>
        Assert.Equal(OperationErrorCode.IdNotFound, Assert.Throws<OperationException>(() => new IdSelector("Name").Select(null)).Code);

    [Theory]
    [InlineData("$null")]
    [InlineData("''")]
    [InlineData("if ($false) { 1 }")]
    public void Select_ScriptBlockThatFindsNone_SaysSo(string block)
    {
        OperationException failure = Assert.Throws<OperationException>(() => new IdSelector(Create(block)).Select("web"));

        Assert.Equal(OperationErrorCode.IdNotFound, failure.Code);
        Assert.StartsWith("The script block of -Id found no id for 'web'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ a = 1 }", "System.Collections.Hashtable")]
    [InlineData(", , @(1, 2)", "System.Object[]")]
    [InlineData("Get-Process -Id $PID", "System.Diagnostics.Process")]
    [InlineData("[pscustomobject]@{ a = 1 }", "System.Management.Automation.PSCustomObject")]
    public void Select_ValueWithoutATextOfItsOwn_IsRefused(string value, string type)
    {
        OperationException failure = Assert.Throws<OperationException>(() => new IdSelector(Create("$_")).Select(engine.Run(value)[0]));

        Assert.Equal(OperationErrorCode.InputNotIdentifiable, failure.Code);
        Assert.Contains($"is a {type}, which has no text that says all of it", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'a', 'b'")]
    [InlineData("'a'; 'b'")]
    [InlineData("$null; 'b'")]
    public void Select_ScriptBlockThatPutsOutSeveral_IsRefused(string block)
    {
        OperationException failure = Assert.Throws<OperationException>(() => new IdSelector(Create(block)).Select("web"));

        Assert.Equal(OperationErrorCode.InputNotIdentifiable, failure.Code);
        Assert.StartsWith("The id of the input 'web' is a System.Object[]", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("([datetime] '2026-01-02').AddTicks(1)", "2026-01-02T00:00:00.0000001")]
    [InlineData("[System.DayOfWeek]::Monday", "Monday")]
    [InlineData("[ipaddress] '::1'", "::1")]
    [InlineData("$true", "True")]
    [InlineData("[timespan] '1.02:03:04.5'", "1.02:03:04.5000000")]
    public void Select_ValueWithAText_IsAllOfIt(string value, string expected) =>
        Assert.Equal(expected, new IdSelector(Create("$_")).Select(engine.Run(value)[0]));

    [Fact]
    public void Select_File_IsItsWholePath() =>
        Assert.Equal(Path.GetFullPath("/b"), new IdSelector(Create("$_")).Select(engine.Run("[System.IO.FileInfo] '/a/../b'")[0]));

    private ScriptBlock Create(string block)
    {
        engine.Enter();
        return ScriptBlock.Create(block);
    }
}

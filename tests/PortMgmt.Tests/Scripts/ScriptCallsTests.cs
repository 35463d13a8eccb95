using System.Management.Automation;
using System.Management.Automation.Language;
using PortMgmt.PowerShell.Scripts;
using Xunit;

namespace PortMgmt.Tests.Scripts;

[Collection(EngineTests.Name)]
public sealed class ScriptCallsTests
{
    private readonly ScriptCalls _calls = new();

    [Theory]
    [InlineData("$_ * 2")]
    [InlineData("$x = $_; $x")]
    [InlineData("function f { $_ }; f")]
    [InlineData("param($x) $x")]
    [InlineData("$PSScriptRoot; $using:x")]
    public void Get_SameBlock_GivesTheSameCall(string text)
    {
        ScriptBlock block = Blocks.Parse(text).GetScriptBlock();

        // A block that is made anew each time a script comes by has the same syntax tree.
        Assert.Same(Get(block), Get(((ScriptBlockAst)block.Ast).GetScriptBlock()));
    }

    [Fact]
    public void Get_SameTextInAnotherPlace_GivesAnotherCall()
    {
        Assert.NotSame(Get(Blocks.Parse("$x = 1; $x").GetScriptBlock()), Get(Blocks.Parse("$x = 1; $x").GetScriptBlock()));
    }

    [Fact]
    public void Get_OtherCircumstances_GivesAnotherCall()
    {
        ScriptBlock block = Blocks.Parse("Get-Date").GetScriptBlock();
        ScriptCall known = Get(block);

        Assert.NotSame(known, _calls.Get(block, PSLanguageMode.ConstrainedLanguage, isPlain: true));
        Assert.NotSame(known, _calls.Get(block, PSLanguageMode.FullLanguage, isPlain: false));
        Assert.Same(known, Get(block));
    }

    [Theory]
    [InlineData("class C { static [int] $n }; [C]::n++; [C]::n")]
    [InlineData("& { enum E { a } }")]
    [InlineData("function f { class C { } }")]
    public void Get_BlockWithAType_GivesAnotherCall(string text)
    {
        ScriptBlock block = Blocks.Parse(text).GetScriptBlock();

        Assert.NotSame(Get(block), Get(block));
    }

    [Fact]
    public void Get_ManyThreads_GivesAllTheSameCall()
    {
        ScriptBlock block = Blocks.Parse("$x = $_; $x").GetScriptBlock();
        var found = new ScriptCall[16];

        Parallel.For(0, found.Length, i => found[i] = Get(block));

        Assert.Single(found.Distinct());
    }

    private ScriptCall Get(ScriptBlock block) => _calls.Get(block, PSLanguageMode.FullLanguage, isPlain: true);
}

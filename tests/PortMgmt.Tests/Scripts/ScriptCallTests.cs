using System.Management.Automation;
using System.Management.Automation.Language;
using PortMgmt.PowerShell.Scripts;
using Xunit;

namespace PortMgmt.Tests.Scripts;

[Collection(EngineTests.Name)]
public sealed class ScriptCallTests(EngineFixture engine)
{
    [Theory]
    [InlineData("$_ * 2", true, false, true, true)]
    [InlineData("$_ * 2", false, false, true, false)]
    [InlineData("$x = $_; $x", true, true, false, true)]
    [InlineData("$x = $_; $x", false, true, false, false)]
    [InlineData("Get-Date", true, false, true, true)]
    [InlineData("Get-Date", false, true, false, false)]
    [InlineData("$x = Get-Date; $x", true, true, false, true)]
    [InlineData("Set-Variable x 1", true, true, false, true)]
    [InlineData("Import-Module x", true, true, false, false)]
    [InlineData("Write-Error x", true, false, false, true)]
    [InlineData("param($x) $x", true, false, false, true)]
    public void Of_Block_IsCalledTheCheapestWay(string block, bool isPlain, bool isScoped, bool leavesNothing, bool importsNothing)
    {
        var call = ScriptCall.Create(Blocks.Parse(block), isPlain);

        Assert.Equal((isScoped, leavesNothing, importsNothing), (call.IsScoped, call.LeavesNothing, call.ImportsNothing));
    }

    [Fact]
    public void Of_BlockThatStandsInTheLoop_HasItsStatementsAfterTheOneThatMakesQuestionTrue()
    {
        ForEachStatementAst loop = LoopOf("$_; $_ + 1");

        Assert.Equal(3, loop.Body.Statements.Count);
        Assert.IsType<AssignmentStatementAst>(loop.Body.Statements[0]);
        Assert.Equal(["$_", "$_ + 1"], loop.Body.Statements.Skip(1).Select(static statement => statement.Extent.Text));
    }

    [Fact]
    public void Of_BlockThatIsCalled_IsCalledByAmpersandInItsOwnPlace()
    {
        ForEachStatementAst loop = LoopOf("$x = Get-Date; $x");

        CommandAst command = Assert.IsType<CommandAst>(Assert.Single(Pipeline(loop).PipelineElements));
        Assert.Equal(TokenKind.Ampersand, command.InvocationOperator);
        Assert.Equal("{$x = Get-Date; $x}", command.Extent.Text);
    }

    [Fact]
    public void Of_BlockWithProcess_GetsItsInputThroughThePipeline()
    {
        ForEachStatementAst loop = LoopOf("process { $_ }");

        Assert.Equal(2, Pipeline(loop).PipelineElements.Count);
        Assert.IsType<CommandExpressionAst>(Pipeline(loop).PipelineElements[0]);
    }

    [Theory]
    [InlineData("$_ * 2")]
    [InlineData("$x = $_; $x * 2")]
    [InlineData("Write-Output ($_ * 2)")]
    [InlineData("$x = Write-Output $_; $x * 2")]
    [InlineData("process { $_ * 2 }")]
    [InlineData("return $_ * 2")]
    public void Loop_AnyWayOfCalling_PutsOutTheSame(string block)
    {
        var call = ScriptCall.Create(Blocks.Parse(block), isPlain: true);

        engine.Enter();
        object[] output = [.. call.Loop.Invoke([new object[] { 1, 2, 3 }]).Select(static item => item.BaseObject)];

        Assert.Equal([2, 4, 6], output);
    }

    [Fact]
    public void Block_MadeAnew_KeepsItsTextAndIsNotTheCallers()
    {
        ScriptBlockAst tree = Blocks.Parse("$_ * 2");

        ScriptBlock block = ScriptCall.Create(tree, isPlain: true).Block;

        Assert.Equal("$_ * 2", block.ToString());
        Assert.Same(tree, block.Ast);
    }

    private static ForEachStatementAst LoopOf(string block) => Assert.IsType<ForEachStatementAst>(
        Assert.Single(((ScriptBlockAst)ScriptCall.Create(Blocks.Parse(block), isPlain: true).Loop.Ast).EndBlock.Statements));

    private static PipelineAst Pipeline(ForEachStatementAst loop) => Assert.IsType<PipelineAst>(loop.Body.Statements[^1]);
}

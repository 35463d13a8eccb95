using System.Management.Automation;
using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// The loop <c>foreach ($_ in $args[0]) { $null = 0; … }</c>, which stands where the script block stands: what reports its caller's
/// position, as Write-Error does, then names the file and line of the block and not those of a loop that nobody wrote.
/// </summary>
internal static class PumpLoop
{
    /// <summary>The loop that has <c>&amp;</c> and the block in it. A block that takes input from a pipeline gets it so.</summary>
    public static ScriptBlock Calling(ScriptBlockAst block)
    {
        IScriptExtent at = block.Extent;

        // Held by the loop itself: no variable of the loop's has to, which the block would find.
        var called = new ConstantExpressionAst(at, BlockSyntax.KeepInput(block).GetScriptBlock());
        List<CommandBaseAst> pipeline = [new CommandAst(at, [called], TokenKind.Ampersand, [])];
        if (BlockSyntax.TakesPipelineInput(block))
        {
            var input = new ArrayLiteralAst(at, [new VariableExpressionAst(at, "_", splatted: false)]);
            pipeline.Insert(0, new CommandExpressionAst(at, input, []));
        }

        return Make(at, [new PipelineAst(at, pipeline)]);
    }

    /// <summary>The loop that has the statements of the block in it.</summary>
    public static ScriptBlock Around(ScriptBlockAst block) =>
        Make(block.Extent, block.EndBlock.Statements.Select(statement => (StatementAst)statement.Copy()));

    private static ScriptBlock Make(IScriptExtent at, IEnumerable<StatementAst> work)
    {
        var body = new StatementBlockAst(at, [MakeQuestionTrue(at), .. work], []);
        var argument = new IndexExpressionAst(at, new VariableExpressionAst(at, "args", splatted: false), new ConstantExpressionAst(at, 0));
        var feed = new PipelineAst(at, new CommandExpressionAst(at, argument, []));
        var loop = new ForEachStatementAst(at, null, ForEachFlags.None, new VariableExpressionAst(at, "_", splatted: false), feed, body);
        return new ScriptBlockAst(at, null, new StatementBlockAst(at, [loop], []), isFilter: false).GetScriptBlock();
    }

    // Only a statement that succeeds sets $? anew.
    private static AssignmentStatementAst MakeQuestionTrue(IScriptExtent at) => new(
        at, new VariableExpressionAst(at, "null", splatted: false), TokenKind.Equals, new CommandExpressionAst(at, new ConstantExpressionAst(at, 0), []), at);
}

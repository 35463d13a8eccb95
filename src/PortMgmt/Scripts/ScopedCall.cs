using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// Whether a script block can be called in a scope of its own without a pipeline around it (<see cref="EngineCall"/>), at half of the
/// price. That is so for whatever has no parameters and no parts, and does not look at what only a pipeline sets.
/// </summary>
internal static class ScopedCall
{
    /// <summary>Variables that only a call through a pipeline sets, or sets anew.</summary>
    private static readonly HashSet<string> OfPipelines = new(StringComparer.OrdinalIgnoreCase)
    {
        "?", "^", "$", "MyInvocation", "PSCmdlet", "PSBoundParameters", "input",
    };

    /// <summary>Commands that tell of whoever called them, or run a text that may.</summary>
    private static readonly HashSet<string> OfCallers = new(StringComparer.OrdinalIgnoreCase)
    {
        "Write-Error", "Get-PSCallStack", "gcs", "Get-Variable", "gv", "Invoke-Expression", "iex",
    };

    /// <summary>The first thing in the block that needs a pipeline; the block itself where the engine has no call without one; null where there is none.</summary>
    public static Ast? FindObstacle(ScriptBlockAst block)
    {
        if (!EngineCall.IsThere)
        {
            return block;
        }

        // A named end may have others beside it that the reference assembly does not know, such as clean.
        return block is { ParamBlock: null, BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null, EndBlock: { Unnamed: true, Statements.Count: > 0 } }
            ? block.Find(NeedsPipeline, searchNestedScriptBlocks: true)
            : BlockSyntax.PartOf(block);
    }

    // A computed name of a command may be any.
    private static bool NeedsPipeline(Ast node) => node switch
    {
        VariableExpressionAst variable => OfPipelines.Contains(variable.VariablePath.UserPath.Split(':')[^1]),
        CommandAst command => command.CommandElements[0] is not ScriptBlockExpressionAst
            && (command.GetCommandName() is not { } name || OfCallers.Contains(name.Split('\\')[^1])),
        TypeDefinitionAst or ConfigurationDefinitionAst or UsingStatementAst => true,
        _ => false,
    };
}

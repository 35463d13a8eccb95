using System.Management.Automation;
using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// A script block and how it is called for one operation after the other, which depends on what stands in it: the less it can do, the
/// less has to be done around it. Does not change.
/// </summary>
internal sealed class ScriptCall
{
    private ScriptCall(ScriptBlock block, ScriptBlock loop, Ast? inlineObstacle, Ast? scopeObstacle, bool importsNothing)
    {
        Block = block;
        Loop = loop;
        InlineObstacle = inlineObstacle;
        ScopeObstacle = scopeObstacle;
        ImportsNothing = importsNothing;
    }

    /// <summary>
    /// Made anew from its syntax tree, so that it belongs to no runspace: calling the caller's own from another would go back to the
    /// caller's thread. File and lines stay, and one compilation serves all workers.
    /// </summary>
    public ScriptBlock Block { get; }

    /// <summary>Goes over the operations, and calls the block for each, or has its statements in it.</summary>
    public ScriptBlock Loop { get; }

    /// <summary>The block is called in a scope, without the loop.</summary>
    public bool IsScoped => InlineObstacle is not null && ScopeObstacle is null;

    /// <summary>Its operations cannot change the runspace.</summary>
    public bool LeavesNothing => InlineObstacle is null;

    /// <summary>Why its statements do not stand in the loop; null where they do.</summary>
    public Ast? InlineObstacle { get; }

    /// <summary>Why it cannot be called without a pipeline; null where it can.</summary>
    public Ast? ScopeObstacle { get; }

    /// <summary>Its operations cannot load a module.</summary>
    public bool ImportsNothing { get; }

    /// <summary>Chooses the cheapest way that cannot be told from <c>&amp;</c>.</summary>
    /// <param name="block">The block's syntax tree.</param>
    /// <param name="isPlain">Where it runs there are no commands but the engine's.</param>
    public static ScriptCall Create(ScriptBlockAst block, bool isPlain)
    {
        Ast? inlineObstacle = InlineCall.FindObstacle(block, isPlain);
        return new ScriptCall(
            block.GetScriptBlock(),
            inlineObstacle is null ? PumpLoop.Around(block) : PumpLoop.Calling(block),
            inlineObstacle,
            inlineObstacle is null ? null : ScopedCall.FindObstacle(block),
            importsNothing: isPlain && !EngineCommands.MayImport(block));
    }
}

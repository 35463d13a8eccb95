using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>Script blocks that scripts make and leave where others find them.</summary>
internal static class KeptBlocks
{
    /// <summary>Commands that run a block at once, and keep none.</summary>
    private static readonly HashSet<string> RunningBlocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "%", "?", "Compare-Object", "ForEach", "ForEach-Object", "Format-Table", "Group-Object", "group", "icm", "Invoke-Command", "Measure-Command",
        "Measure-Object", "Select-Object", "select", "Sort-Object", "sort", "Start-Job", "Start-OperationBatch", "Start-ThreadJob", "Where", "Where-Object",
    };

    /// <summary>
    /// Whether a script changes something and makes a script block that it may leave there: it would belong to the runspace of the
    /// operation, and others wait for that forever.
    /// </summary>
    public static bool AreMadeBy(Ast script) =>
        script.Find(node => node is ScriptBlockExpressionAst block && node != script && MayKeep(block), searchNestedScriptBlocks: true) is not null
        && LastingChanges.Of(script, new HashSet<string>()) != ChangeReach.None;

    private static bool MayKeep(ScriptBlockExpressionAst block)
    {
        Ast holder = block.Parent;
        while (holder is HashtableAst or ArrayLiteralAst or ParenExpressionAst or CommandParameterAst or PipelineAst or CommandExpressionAst)
        {
            holder = holder.Parent;
        }

        return holder switch
        {
            CommandAst command => command.CommandElements[0] != block && !RunningBlocks.Contains(command.GetCommandName() ?? ""),
            InvokeMemberExpressionAst { Member: StringConstantExpressionAst { Value: var name } } => name.ToUpperInvariant() is not ("FOREACH" or "WHERE"),
            _ => true,
        };
    }
}

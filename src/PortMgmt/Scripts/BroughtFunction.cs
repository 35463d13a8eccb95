using System.Management.Automation;
using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>A function or filter of the caller, for workers. Does not change. Two are equal that do the same in the same place.</summary>
internal sealed class BroughtFunction(string name, ScriptBlock block) : IEquatable<BroughtFunction>
{
    private readonly FunctionDefinitionAst _definition = BlockSyntax.Define("global:" + name, block);

    public string Name => name;

    /// <summary>All that tells it from another: what it says, and where it stands, which <c>$PSScriptRoot</c> and errors tell.</summary>
    public string Identity { get; } = string.Join('\0', name, block.IsFilter, block.Ast.Extent.Text, block.Ast.Extent.File, block.Ast.Extent.StartOffset);

    /// <summary>Its compilation makes more than what runs, such as a class: each runspace has its own.</summary>
    public bool IsMadeAnew => ScriptCalls.IsMadeAnew(_definition);

    /// <summary>A block that defines the functions where it is called. Belongs to no runspace.</summary>
    public static ScriptBlock Definitions(IReadOnlyList<BroughtFunction> functions)
    {
        IScriptExtent at = functions[0]._definition.Extent;
        IEnumerable<StatementAst> statements = functions.Select(function => (StatementAst)function._definition.Copy());
        return new ScriptBlockAst(at, null, new StatementBlockAst(at, statements, []), isFilter: false).GetScriptBlock();
    }

    public bool Equals(BroughtFunction? other) => other is not null && Identity == other.Identity;

    public override bool Equals(object? obj) => Equals(obj as BroughtFunction);

    public override int GetHashCode() => Identity.GetHashCode(StringComparison.Ordinal);
}

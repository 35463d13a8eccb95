using System.Management.Automation;
using System.Management.Automation.Language;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// A script that belongs to no runspace and does what a bound one does: of a closure, which has its variables in a module of its own,
/// they become the first statements.
/// </summary>
internal static class ClosureBlock
{
    /// <summary>Makes the script anew.</summary>
    /// <param name="bound">The script.</param>
    /// <param name="gate">Where it waits for its turn; null if it need not.</param>
    /// <param name="key">What was taken of its object, if it changes nothing else.</param>
    /// <param name="home">Runs it on the session's own thread; null where any thread finds there what the script uses.</param>
    public static ScriptBlock Unbind(ScriptBlock bound, TurnGate? gate = null, object? key = null, HomeScript? home = null)
    {
        ScriptBlockAst tree = BlockSyntax.Of(bound);
        if ((gate is null && home is null && !IsClosure(bound)) || !HasOneBody(tree))
        {
            return tree.GetScriptBlock();
        }

        IScriptExtent at = tree.Extent;
        IEnumerable<StatementAst> captured = Captured(bound).Select(variable => (StatementAst)new AssignmentStatementAst(
            at, new VariableExpressionAst(at, variable.Name, splatted: false), TokenKind.Equals,
            new CommandExpressionAst(at, new ConstantExpressionAst(at, variable.Value), []), at));
        var body = new StatementBlockAst(
            tree.EndBlock.Extent,
            [.. captured, .. tree.EndBlock.Statements.Select(static statement => (StatementAst)statement.Copy())],
            tree.EndBlock.Traps?.Select(static trap => (TrapStatementAst)trap.Copy()));
        body = home is null ? body : home.Or(body, tree.ParamBlock);
        body = gate is null ? body : GuardedScript.Around([], body, gate, key);
        return new ScriptBlockAst(at, (ParamBlockAst?)tree.ParamBlock?.Copy(), body, isFilter: false).GetScriptBlock();
    }

    /// <summary>Whether something can be put before its statements.</summary>
    public static bool HasOneBody(ScriptBlockAst tree) => tree is { BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null, EndBlock.Unnamed: true };

    /// <summary>
    /// Whether a closure uses its variables where they cannot be put before, or what it does tells whether they are its own:
    /// <c>$x += 1</c> begins with nothing, unless they are.
    /// </summary>
    public static bool NeedsModule(ScriptBlock bound, IReadOnlyCollection<PSVariable> captured)
    {
        ScriptBlockAst tree = BlockSyntax.Of(bound);
        return captured.Count > 0 && (!HasOneBody(tree) || tree.ParamBlock?.Find(IsRead, searchNestedScriptBlocks: true) is not null || tree.Find(IsAddedTo, searchNestedScriptBlocks: true) is not null);

        bool IsRead(Ast node) => IsCaptured(node) && !(node.Parent is ParameterAst parameter && parameter.Name == node);

        bool IsAddedTo(Ast node) => node is AssignmentStatementAst { Operator: not TokenKind.Equals } setting && IsCaptured(setting.Left);

        bool IsCaptured(Ast node) =>
            node is VariableExpressionAst variable && captured.Any(one => one.Name.Equals(variable.VariablePath.UserPath, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The variables that a closure has taken along and uses.</summary>
    public static IEnumerable<PSVariable> Captured(ScriptBlock bound)
    {
        if (!IsClosure(bound))
        {
            return [];
        }

        // What the script sets it may read before.
        HashSet<string> own = ScriptVariables.NotLocalIn(bound.Ast);
        return bound.Ast.FindAll(static node => node is VariableExpressionAst { VariablePath.IsUnqualified: true }, searchNestedScriptBlocks: true)
            .Select(static node => ((VariableExpressionAst)node).VariablePath.UserPath)
            .Where(name => !own.Contains(name) && !ScriptVariables.IsOfEach(name))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(bound.Module.SessionState.PSVariable.Get)
            .OfType<PSVariable>()
            .Where(static variable => !AutomaticVariables.Contains(variable));
    }

    // GetNewClosure makes a module without a name that anybody gave it.
    private static bool IsClosure(ScriptBlock block) => block.Module?.Name.StartsWith("__DynamicModule_", StringComparison.Ordinal) == true;
}

using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Scripts that wait for their turn, in a loop which the engine can stop, and give it back however they end:
/// <c>while (-not (enter)) { }; try { … } finally { leave }</c>.
/// </summary>
internal static class GuardedScript
{
    /// <summary>Guards the body of a script.</summary>
    /// <param name="body">The body, without names of its parts.</param>
    /// <param name="first">What comes before it.</param>
    /// <param name="gate">Where it waits.</param>
    /// <param name="key">What was taken of its object, or a function that finds it by <c>$this</c>; null for the session's turn.</param>
    public static StatementBlockAst Around(NamedBlockAst body, IEnumerable<StatementAst> first, TurnGate gate, object? key)
    {
        IScriptExtent at = body.Extent;
        StatementAst[] based = MethodBody.CallOfBase(body);
        var keyOf = key as Func<object, object>;
        Delegate enter = keyOf is null ? () => gate.TryEnter(key) : (Func<object, bool>)(self => gate.TryEnter(keyOf(self)));
        ExpressionAst[] arguments = keyOf is null ? [] : [new VariableExpressionAst(at, "this", splatted: false)];
        var isEntered = new UnaryExpressionAst(at, TokenKind.Not, Invoke(at, enter, arguments));
        var wait = new WhileStatementAst(at, null, Pipeline(at, isEntered), new StatementBlockAst(at, [], []));
        var own = new StatementBlockAst(
            at, [.. first, .. body.Statements.Skip(based.Length).Select(static statement => (StatementAst)statement.Copy())], body.Traps?.Select(static trap => (TrapStatementAst)trap.Copy()));
        var leave = new StatementBlockAst(at, [Pipeline(at, Invoke(at, (Action)gate.Leave, []))], []);
        return new StatementBlockAst(at, [.. based, wait, new TryStatementAst(at, own, [], leave)], []);
    }

    /// <summary>Puts a guarded body in the place of a method's own.</summary>
    /// <param name="wrapper">What the engine calls the method by.</param>
    /// <param name="method">The method.</param>
    /// <param name="gate">Where it waits.</param>
    /// <param name="isOfObject">It changes its own object alone.</param>
    /// <returns>Puts the method's own back.</returns>
    public static Action Guard(ScriptBlockMemberMethodWrapper wrapper, FunctionMemberAst method, TurnGate gate, bool isOfObject)
    {
        Func<object, object>? key = isOfObject ? static self => self is PSObject wrapped ? wrapped.BaseObject : self : null;
        return MethodBody.Replace(wrapper, method, Around(method.Body.EndBlock, [], gate, key));
    }

    private static InvokeMemberExpressionAst Invoke(IScriptExtent at, Delegate called, IEnumerable<ExpressionAst> arguments) =>
        new(at, new ConstantExpressionAst(at, called), new StringConstantExpressionAst(at, "Invoke", StringConstantType.BareWord), arguments, @static: false);

    private static PipelineAst Pipeline(IScriptExtent at, ExpressionAst expression) => new(at, new CommandExpressionAst(at, expression, []));
}

using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Scripts that wait for their turn, in a loop which the engine can stop, and give it back however they end:
/// <c>while (-not (enter)) { }; try { … } finally { leave }</c>. An error in them ends what it would end without the <c>try</c>.
/// </summary>
internal static class GuardedScript
{
    /// <summary>Guards the body of a script.</summary>
    /// <param name="first">What comes before it, and is not guarded.</param>
    /// <param name="body">The body.</param>
    /// <param name="gate">Where it waits.</param>
    /// <param name="key">What was taken of its object, or a function that finds it by <c>$this</c>; null for the session's turn.</param>
    public static StatementBlockAst Around(IEnumerable<StatementAst> first, StatementBlockAst body, TurnGate gate, object? key)
    {
        IScriptExtent at = body.Extent;
        var keyOf = key as Func<object, object>;
        var errors = new StatementErrors();
        Delegate enter = keyOf is null ? () => gate.TryEnter(key) && errors.Save() : (Func<object, bool>)(self => gate.TryEnter(keyOf(self)) && errors.Save());
        ExpressionAst[] arguments = keyOf is null ? [] : [new VariableExpressionAst(at, "this", splatted: false)];
        var isEntered = new UnaryExpressionAst(at, TokenKind.Not, Invoke(at, enter, arguments));
        var wait = new WhileStatementAst(at, null, Pipeline(at, isEntered), new StatementBlockAst(at, [], []));
        var leave = new StatementBlockAst(at, [Pipeline(at, Invoke(at, (Action)gate.Leave, []))], []);
        StatementBlockAst guarded = Join([Pipeline(at, Invoke(at, (Action)errors.Restore, []))], body);
        return new StatementBlockAst(at, [.. first, wait, new TryStatementAst(at, guarded, [], leave)], []);
    }

    /// <summary>Puts another body in the place of a method's own.</summary>
    /// <param name="wrapper">What the engine calls the method by.</param>
    /// <param name="method">The method.</param>
    /// <param name="reach">What it changes, for which it waits at the gate.</param>
    /// <param name="gate">Where it waits.</param>
    /// <param name="home">Runs it on the session's own thread; null where any thread finds there what the method uses.</param>
    /// <returns>Puts the method's own back.</returns>
    public static Action Guard(ScriptBlockMemberMethodWrapper wrapper, FunctionMemberAst method, ChangeReach reach, TurnGate gate, HomeScript? home)
    {
        StatementAst[] based = MethodBody.CallOfBase(method.Body.EndBlock);
        StatementBlockAst body = MethodBody.CopyOwn(method);
        if (home is not null)
        {
            body = home.Or(body, method);
        }

        Func<object, object>? key = reach == ChangeReach.Object ? static self => self is PSObject wrapped ? wrapped.BaseObject : self : null;
        return MethodBody.Replace(wrapper, method, reach == ChangeReach.None ? Join(based, body) : Around(based, body, gate, key), initializes: true);
    }

    private static StatementBlockAst Join(StatementAst[] first, StatementBlockAst body) => new(
        body.Extent,
        [.. first, .. body.Statements.Select(static statement => (StatementAst)statement.Copy())],
        body.Traps?.Select(static trap => (TrapStatementAst)trap.Copy()));

    /// <summary>The call of a delegate.</summary>
    public static InvokeMemberExpressionAst Invoke(IScriptExtent at, Delegate called, IEnumerable<ExpressionAst> arguments) =>
        new(at, new ConstantExpressionAst(at, called), new StringConstantExpressionAst(at, "Invoke", StringConstantType.BareWord), arguments, @static: false);

    /// <summary>A pipeline of an expression.</summary>
    public static PipelineAst Pipeline(IScriptExtent at, ExpressionAst expression) => new(at, new CommandExpressionAst(at, expression, []));
}

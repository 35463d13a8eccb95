using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Reflection;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// A script that runs in the session that it belongs to, whoever calls it: what it does there can be read in the script as little as
/// it could be done elsewhere.
/// </summary>
/// <param name="gate">The session's turn.</param>
/// <param name="script">Calls the script with <c>$this</c>, <c>$_</c> and arguments, on the session's own thread.</param>
/// <param name="take">Takes what it puts out, for who is not of that session.</param>
internal sealed class HomeScript(TurnGate gate, Func<object?, object?, object?[], object?> script, Action<object?> take)
{
    /// <summary>What the engine's enumeration calls WriteToCurrentErrorPipe.</summary>
    private const int ErrorsGoWhereTheyWould = 1;

    private static readonly MethodInfo? InvokeAsIs = Array.Find(
        typeof(ScriptBlock).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic),
        static method => method.Name == "DoInvokeReturnAsIs" && method.GetParameters().Select(static parameter => parameter.ParameterType.Name)
            .SequenceEqual(["Boolean", "ErrorHandlingBehavior", "Object", "Object", "Object", "Object[]"]));

    private static readonly CmdletInfo Command = new(HomeScriptCommand.Name, typeof(HomeScriptCommand));

    /// <summary>Whether the engine has the call that a script needs.</summary>
    public static bool IsThere => InvokeAsIs is not null && !PublicEngineCalls.AreAskedFor;

    public TurnGate Gate => gate;

    /// <summary>A script block that is bound to the session.</summary>
    public static HomeScript Of(ScriptBlock bound, TurnGate gate, Action<object?> take)
    {
        object errors = Enum.ToObject(InvokeAsIs!.GetParameters()[1].ParameterType, ErrorsGoWhereTheyWould);
        return new HomeScript(
            gate,
            (self, under, arguments) => InvokeAsIs.Invoke(
                bound, BindingFlags.DoNotWrapExceptions, null, [true, errors, under, AutomationNull.Value, self, arguments], null),
            take);
    }

    /// <summary>A method of a class.</summary>
    /// <param name="wrapper">What the engine calls it by.</param>
    /// <param name="method">The method.</param>
    /// <param name="session">The session that the engine runs it in.</param>
    /// <param name="gate">The session's turn.</param>
    /// <param name="take">Takes what it returns, for who is not of that session.</param>
    public static HomeScript Of(ScriptBlockMemberMethodWrapper wrapper, FunctionMemberAst method, object? session, TurnGate gate, Action<object?> take)
    {
        NamedBlockAst body = method.Body.EndBlock;
        ScriptBlockMemberMethodWrapper own = MethodBody.Make(wrapper, method, new StatementBlockAst(
            body.Extent,
            body.Statements.Skip(MethodBody.CallOfBase(body).Length).Select(static statement => (StatementAst)statement.Copy()),
            body.Traps?.Select(static trap => (TrapStatementAst)trap.Copy())));
        ScriptClass.SetSession(own, session);
        return new HomeScript(gate, ReturnsNothing(method) ? CallForNothing : (self, _, arguments) => own.InvokeHelperT<object?>(self, session, arguments), take);

        object? CallForNothing(object? self, object? under, object?[] arguments)
        {
            own.InvokeHelper(self, session, arguments);
            return AutomationNull.Value;
        }
    }

    /// <summary>Puts the handing on in the place of a method's body.</summary>
    /// <returns>Puts the method's own back.</returns>
    public Action Replace(ScriptBlockMemberMethodWrapper wrapper, FunctionMemberAst method)
    {
        IScriptExtent at = method.Body.EndBlock.Extent;
        IEnumerable<ExpressionAst> parameters = method.Parameters.Select(parameter => new VariableExpressionAst(at, parameter.Name.VariablePath, splatted: false));
        ExpressionAst arguments = method.Parameters.Count == 0
            ? new ArrayExpressionAst(at, new StatementBlockAst(at, [], []))
            : new ArrayLiteralAst(at, [.. parameters]);
        PipelineAst call = Call(at, arguments, method.IsStatic);
        StatementAst last = ReturnsNothing(method) ? call : new ReturnStatementAst(at, call);
        return MethodBody.Replace(wrapper, method, new StatementBlockAst(at, [.. MethodBody.CallOfBase(method.Body.EndBlock), last], []));
    }

    /// <summary>Calls it, on the session's own thread.</summary>
    public object? Invoke(object? self, object? under, object?[] arguments) => script(self, under, arguments);

    /// <summary>Gives what it has put out, and what its object has been given, to who is not of that session. On the session's own thread.</summary>
    public object? TakeOutput(object? value, object? self)
    {
        take(self);
        if ((value is PSObject wrapped ? wrapped.BaseObject : value) is ScriptBlock block)
        {
            return BlockSyntax.Of(block).GetScriptBlock();
        }

        take(value);
        return value;
    }

    /// <summary>A block that belongs to no runspace and hands the call on.</summary>
    public ScriptBlock HandOn(IScriptExtent at)
    {
        PipelineAst call = Call(at, new VariableExpressionAst(at, "args", splatted: false), isStatic: false);
        return new ScriptBlockAst(at, null, new StatementBlockAst(at, [call], []), isFilter: false).GetScriptBlock();
    }

    /// <summary>The statement that hands the call on: <c>&amp; command script $this $_ arguments</c>.</summary>
    /// <param name="at">Where it stands.</param>
    /// <param name="arguments">An array.</param>
    /// <param name="isStatic">There is no <c>$this</c>.</param>
    public PipelineAst Call(IScriptExtent at, ExpressionAst arguments, bool isStatic) => new(at, new CommandAst(
        at,
        [
            new ConstantExpressionAst(at, Command),
            new ConstantExpressionAst(at, this),
            new VariableExpressionAst(at, isStatic ? "null" : "this", splatted: false),
            new VariableExpressionAst(at, "_", splatted: false),
            arguments,
            new CommandParameterAst(at, "Verbose", null, at),
        ],
        TokenKind.Ampersand,
        []));

    private static bool ReturnsNothing(FunctionMemberAst method) =>
        method.IsConstructor || method.ReturnType is null || method.ReturnType.TypeName.GetReflectionType() == typeof(void);
}

using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Reflection;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// A script that runs in the session that it belongs to, whoever calls it: what it does there can be read in the script as little as
/// it could be done elsewhere.
/// </summary>
/// <param name="gate">The session's turn.</param>
/// <param name="script">Calls the script with <c>$this</c>, <c>$_</c> and arguments, on the session's own thread.</param>
internal sealed class HomeScript(TurnGate gate, Func<object?, object?, object?[], object?> script)
{
    /// <summary>What the engine's enumeration calls WriteToCurrentErrorPipe: an error ends its statement.</summary>
    private const int ErrorsOfBlocks = 1;

    /// <summary>What it calls WriteToExternalErrorPipe: an error that ends a statement ends the script.</summary>
    private const int ErrorsOfMembers = 2;

    private static readonly MethodInfo? InvokeAsIs = Array.Find(
        typeof(ScriptBlock).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic),
        static method => method.Name == "DoInvokeReturnAsIs" && method.GetParameters().Select(static parameter => parameter.ParameterType.Name)
            .SequenceEqual(["Boolean", "ErrorHandlingBehavior", "Object", "Object", "Object", "Object[]"]));

    private static readonly CmdletInfo Command = new(HomeScriptCommand.Name, typeof(HomeScriptCommand));

    /// <summary>Whether the engine has the call that a script needs.</summary>
    public static bool IsThere => InvokeAsIs is not null && !PublicEngineCalls.AreAskedFor;

    /// <summary>The same method in other sessions that have the class: scripts of one text share it.</summary>
    private volatile HomeScript[] _others = [];

    public TurnGate Gate => gate;

    /// <summary>Calls a method where it stands, in the session of its object; null for what is no method.</summary>
    public Func<object?, object?[], object?>? InvokeHere { get; private init; }

    /// <summary>A call has to wait for the session's turn: whoever calls it has not.</summary>
    public bool TakesTurn { get; private init; } = true;

    /// <summary>A script block that is bound to the session.</summary>
    /// <param name="bound">The script block.</param>
    /// <param name="gate">The session's turn.</param>
    /// <param name="isMember">It is of a member, and not of a delegate.</param>
    public static HomeScript Of(ScriptBlock bound, TurnGate gate, bool isMember)
    {
        object errors = Enum.ToObject(InvokeAsIs!.GetParameters()[1].ParameterType, isMember ? ErrorsOfMembers : ErrorsOfBlocks);
        return new HomeScript(
            gate,
            (self, under, arguments) => InvokeAsIs.Invoke(
                bound, BindingFlags.DoNotWrapExceptions, null, [true, errors, under, AutomationNull.Value, self, arguments], null));
    }

    /// <summary>A method of a class.</summary>
    /// <param name="wrapper">What the engine calls it by.</param>
    /// <param name="method">The method.</param>
    /// <param name="session">The session that the engine runs it in.</param>
    /// <param name="gate">The session's turn.</param>
    /// <param name="initializes">As a constructor it gives properties their initial values first.</param>
    public static HomeScript Of(ScriptBlockMemberMethodWrapper wrapper, FunctionMemberAst method, object? session, TurnGate gate, bool initializes)
    {
        ScriptBlockMemberMethodWrapper own = MethodBody.Make(wrapper, method, MethodBody.CopyOwn(method), initializes);
        ScriptClass.SetSession(own, session);
        return new HomeScript(gate, (self, _, arguments) => CallIn(session, self, arguments))
        {
            InvokeHere = (self, arguments) => CallIn(ScriptClass.ReadSession(self), self, arguments),
        };

        object? CallIn(object? home, object? self, object?[] arguments)
        {
            if (!ReturnsNothing(method))
            {
                return own.InvokeHelperT<object?>(self, home, arguments);
            }

            own.InvokeHelper(self, home, arguments);
            return AutomationNull.Value;
        }
    }

    /// <summary>A batch of another session has the method too. By one thread at a time.</summary>
    public void Add(HomeScript other) => _others = [.. _others.Where(known => known.Gate != other.Gate), other];

    /// <summary>That of the session for which the present thread runs operations; null for none, such as in a runspace that has the class as well.</summary>
    public HomeScript? ForCaller() => _others.Prepend(this).FirstOrDefault(static one => one.Gate.IsServedHere());

    /// <summary>Puts the handing on in the place of a method's body.</summary>
    /// <param name="wrapper">What the engine calls the method by.</param>
    /// <param name="method">The method.</param>
    /// <param name="initializes">As a constructor it gives properties their initial values first, where it is called.</param>
    /// <returns>Puts the method's own back.</returns>
    public Action Replace(ScriptBlockMemberMethodWrapper wrapper, FunctionMemberAst method, bool initializes)
    {
        IScriptExtent at = method.Body.EndBlock.Extent;
        return MethodBody.Replace(wrapper, method, new StatementBlockAst(at, [.. MethodBody.CallOfBase(method.Body.EndBlock), Call(at, method)], []), initializes);
    }

    /// <summary>Has the session's own thread run a method there, where its module is, within whatever turn it has; others run what they would.</summary>
    /// <param name="elsewhere">What others run.</param>
    /// <param name="method">The method.</param>
    public StatementBlockAst Or(StatementBlockAst elsewhere, FunctionMemberAst method) => IfHome(elsewhere, WithinTurn().Call(elsewhere.Extent, method));

    /// <summary>The same for a script.</summary>
    /// <param name="elsewhere">What others run.</param>
    /// <param name="parameters">The parameters of the script; null for none.</param>
    public StatementBlockAst Or(StatementBlockAst elsewhere, ParamBlockAst? parameters)
    {
        IScriptExtent at = elsewhere.Extent;
        return IfHome(elsewhere, new ReturnStatementAst(at, WithinTurn().Call(at, ArgumentsOf(at, parameters), isStatic: false)));
    }

    /// <summary>Calls it, on the session's own thread.</summary>
    public object? Invoke(object? self, object? under, object?[] arguments) => script(self, under, arguments);

    /// <summary>Takes its object, into which who is not of that session may have put what is not either. On the session's own thread.</summary>
    /// <exception cref="OperationException">The object has a script block.</exception>
    public void TakeObject(object? self) => gate.TakeOutput(self, "$this");

    /// <summary>Gives what it has put out, and what its object has been given, to who is not of that session. On the session's own thread.</summary>
    public object? TakeOutput(object? value, object? self)
    {
        TakeObject(self);
        if ((value is PSObject wrapped ? wrapped.BaseObject : value) is ScriptBlock block)
        {
            return BlockSyntax.Of(block).GetScriptBlock();
        }

        gate.TakeOutput(value, "What a script of the session put out");
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

    private HomeScript WithinTurn() => new(gate, script) { TakesTurn = false };

    private StatementBlockAst IfHome(StatementBlockAst elsewhere, StatementAst home)
    {
        IScriptExtent at = elsewhere.Extent;
        PipelineAst isHome = GuardedScript.Pipeline(at, GuardedScript.Invoke(at, () => gate.IsHome, []));
        return new StatementBlockAst(
            at, [new IfStatementAst(at, [new Tuple<PipelineBaseAst, StatementBlockAst>(isHome, new StatementBlockAst(at, [home], []))], elsewhere)], []);
    }

    private StatementAst Call(IScriptExtent at, FunctionMemberAst method)
    {
        IEnumerable<ExpressionAst> parameters = method.Parameters.Select(parameter => new VariableExpressionAst(at, parameter.Name.VariablePath, splatted: false));
        ExpressionAst arguments = method.Parameters.Count == 0
            ? new ArrayExpressionAst(at, new StatementBlockAst(at, [], []))
            : new ArrayLiteralAst(at, [.. parameters]);
        PipelineAst call = Call(at, arguments, method.IsStatic);
        return ReturnsNothing(method) ? call : new ReturnStatementAst(at, call);
    }

    // A script may tell an argument that was not given from one that is null.
    private static ExpressionAst ArgumentsOf(IScriptExtent at, ParamBlockAst? parameters)
    {
        var rest = new VariableExpressionAst(at, "args", splatted: false);
        if (parameters is null)
        {
            return rest;
        }

        string[] names = [.. parameters.Parameters.Select(static parameter => parameter.Name.VariablePath.UserPath)];
        Func<IDictionary<string, object?>, object?[]?, object?[]> given = (bound, more) => [.. names.Where(bound.ContainsKey).Select(name => bound[name]), .. more ?? []];
        bool isAdvanced = parameters.Attributes.Concat(parameters.Parameters.SelectMany(static parameter => parameter.Attributes))
            .Any(static attribute => attribute.TypeName.GetReflectionAttributeType() is { } type && (type == typeof(CmdletBindingAttribute) || type == typeof(ParameterAttribute)));
        return GuardedScript.Invoke(
            at, given, [new VariableExpressionAst(at, "PSBoundParameters", splatted: false), isAdvanced ? new VariableExpressionAst(at, "null", splatted: false) : rest]);
    }

    private static bool ReturnsNothing(FunctionMemberAst method) =>
        method.IsConstructor || method.ReturnType is null || method.ReturnType.TypeName.GetReflectionType() == typeof(void);
}

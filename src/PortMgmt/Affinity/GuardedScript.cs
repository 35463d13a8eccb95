using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Reflection;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Scripts that wait for their turn, in a loop which the engine can stop, and give it back however they end:
/// <c>while (-not (enter)) { }; try { … } finally { leave }</c>.
/// </summary>
internal static class GuardedScript
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly ConstructorInfo? NewWrapper = Array.Find(
        typeof(ScriptBlockMemberMethodWrapper).GetConstructors(Hidden),
        static constructor => constructor.GetParameters() is [{ ParameterType.Name: "IParameterMetadataProvider" }]);

    private static readonly FieldInfo? BlocksField = typeof(ScriptBlockMemberMethodWrapper).GetField("_boundScriptBlock", Hidden);
    private static readonly PropertyInfo? TypeProperty = typeof(TypeDefinitionAst).GetProperty("Type", Hidden);

    private static readonly PropertyInfo? IsCheckedProperty = typeof(ScriptBlockAst).GetProperty("PostParseChecksPerformed", Hidden);

    /// <summary>Whether the engine lets methods of classes be guarded.</summary>
    public static bool IsThere =>
        NewWrapper is not null && BlocksField is not null && TypeProperty is not null && IsCheckedProperty is not null && !PublicEngineCalls.AreAskedFor;

    /// <summary>Guards the body of a script.</summary>
    /// <param name="body">The body, without names of its parts.</param>
    /// <param name="first">What comes before it.</param>
    /// <param name="gate">Where it waits.</param>
    /// <param name="key">What was taken of its object, or a function that finds it by <c>$this</c>; null for the session's turn.</param>
    public static StatementBlockAst Around(NamedBlockAst body, IEnumerable<StatementAst> first, TurnGate gate, object? key)
    {
        IScriptExtent at = body.Extent;
        StatementAst[] based = [.. body.Statements.Take(1).Select(CallOfBase).OfType<StatementAst>()];
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
        object? own = BlocksField!.GetValue(wrapper);
        BlocksField.SetValue(wrapper, BlocksField.GetValue(NewWrapper!.Invoke([Rewrite(method, gate, isOfObject)])));
        return () => BlocksField.SetValue(wrapper, own);
    }

    // With a class around it, in which the compiler looks for the type.
    private static FunctionMemberAst Rewrite(FunctionMemberAst method, TurnGate gate, bool isOfObject)
    {
        IScriptExtent at = method.Extent;
        var type = (TypeDefinitionAst)method.Parent;
        Func<object, object>? key = isOfObject ? static self => self is PSObject wrapped ? wrapped.BaseObject : self : null;
        var body = new ScriptBlockAst(method.Body.Extent, null, Around(method.Body.EndBlock, [], gate, key), isFilter: false);
        var function = new FunctionDefinitionAst(
            at, isFilter: false, isWorkflow: false, method.Name, method.Parameters.Select(static parameter => (ParameterAst)parameter.Copy()), body);
        var guarded = new FunctionMemberAst(
            at, function, (TypeConstraintAst?)method.ReturnType?.Copy(), method.Attributes.Select(static attribute => (AttributeAst)attribute.Copy()), method.MethodAttributes);
        var around = new TypeDefinitionAst(
            type.Extent, type.Name, [], [guarded], type.TypeAttributes, type.BaseTypes.Select(static based => (TypeConstraintAst)based.Copy()));
        TypeProperty!.SetValue(around, TypeProperty.GetValue(type));
        foreach (Ast block in guarded.FindAll(static node => node is ScriptBlockAst, searchNestedScriptBlocks: true))
        {
            // As the parser has done it for the method. Nothing above it says that there is a class, once a block in it is run alone.
            IsCheckedProperty!.SetValue(block, true);
        }

        return guarded;
    }

    // The call of the constructor of the base class, which comes first; its copy would be an ordinary one.
    private static CommandExpressionAst? CallOfBase(StatementAst statement) =>
        statement is CommandExpressionAst { Expression: BaseCtorInvokeMemberExpressionAst call }
            ? new CommandExpressionAst(
                statement.Extent,
                new BaseCtorInvokeMemberExpressionAst(call.Member.Extent, call.Extent, call.Arguments?.Select(static argument => (ExpressionAst)argument.Copy())),
                [])
            : null;

    private static InvokeMemberExpressionAst Invoke(IScriptExtent at, Delegate called, IEnumerable<ExpressionAst> arguments) =>
        new(at, new ConstantExpressionAst(at, called), new StringConstantExpressionAst(at, "Invoke", StringConstantType.BareWord), arguments, @static: false);

    private static PipelineAst Pipeline(IScriptExtent at, ExpressionAst expression) => new(at, new CommandExpressionAst(at, expression, []));
}

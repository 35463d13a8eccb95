using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Reflection;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>Other bodies for methods of classes that were written in PowerShell, which no public member makes.</summary>
internal static class MethodBody
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly ConstructorInfo? NewWrapper = Array.Find(
        typeof(ScriptBlockMemberMethodWrapper).GetConstructors(Hidden),
        static constructor => constructor.GetParameters() is [{ ParameterType.Name: "IParameterMetadataProvider" }]);

    private static readonly FieldInfo? KeeperField = typeof(ScriptBlockMemberMethodWrapper).GetField("_sessionStateKeeper", Hidden);

    private static readonly ConstructorInfo? NewStaticWrapper = Array.Find(
        typeof(ScriptBlockMemberMethodWrapper).GetConstructors(Hidden),
        static constructor => constructor.GetParameters() is [{ ParameterType.Name: "IParameterMetadataProvider" }, { ParameterType.Name: "SessionStateKeeper" }]);

    private static readonly FieldInfo? BlocksField = typeof(ScriptBlockMemberMethodWrapper).GetField("_boundScriptBlock", Hidden);
    private static readonly PropertyInfo? TypeProperty = typeof(TypeDefinitionAst).GetProperty("Type", Hidden);

    private static readonly PropertyInfo? IsCheckedProperty = typeof(ScriptBlockAst).GetProperty("PostParseChecksPerformed", Hidden);

    /// <summary>Whether the engine lets them be made.</summary>
    public static bool IsThere =>
        NewWrapper is not null && NewStaticWrapper is not null && KeeperField is not null && BlocksField is not null && TypeProperty is not null
        && IsCheckedProperty is not null && !PublicEngineCalls.AreAskedFor;

    /// <summary>Puts a body in the place of a method's own.</summary>
    /// <param name="wrapper">What the engine calls the method by.</param>
    /// <param name="method">The method.</param>
    /// <param name="body">The body.</param>
    /// <param name="initializes">As a constructor it gives properties their initial values first.</param>
    /// <returns>Puts the method's own back.</returns>
    public static Action Replace(ScriptBlockMemberMethodWrapper wrapper, FunctionMemberAst method, StatementBlockAst body, bool initializes)
    {
        object? own = BlocksField!.GetValue(wrapper);
        BlocksField.SetValue(wrapper, BlocksField.GetValue(NewWrapper!.Invoke([Rewrite(method, body, initializes)])));
        return () => BlocksField.SetValue(wrapper, own);
    }

    /// <summary>What the engine would call a method by that has another body.</summary>
    /// <param name="wrapper">What it calls the method by.</param>
    /// <param name="method">The method.</param>
    /// <param name="body">The body.</param>
    /// <param name="initializes">As a constructor it gives properties their initial values first.</param>
    public static ScriptBlockMemberMethodWrapper Make(ScriptBlockMemberMethodWrapper wrapper, FunctionMemberAst method, StatementBlockAst body, bool initializes) =>
        (ScriptBlockMemberMethodWrapper)(method.IsStatic
            ? NewStaticWrapper!.Invoke([Rewrite(method, body, initializes), KeeperField!.GetValue(wrapper)])
            : NewWrapper!.Invoke([Rewrite(method, body, initializes)]));

    /// <summary>The constructor that the engine makes for a class without one, as if it were written.</summary>
    /// <param name="type">The class.</param>
    /// <param name="generated">What the engine made.</param>
    public static FunctionMemberAst DefaultConstructor(TypeDefinitionAst type, Ast generated)
    {
        var call = new CommandExpressionAst(generated.Extent, new BaseCtorInvokeMemberExpressionAst(generated.Extent, generated.Extent, []), []);
        var body = new ScriptBlockAst(generated.Extent, null, new StatementBlockAst(generated.Extent, [call], []), isFilter: false);
        var function = new FunctionDefinitionAst(generated.Extent, isFilter: false, isWorkflow: false, type.Name, [], body);
        var made = new FunctionMemberAst(generated.Extent, function, null, [], System.Management.Automation.Language.MethodAttributes.Public);
        Around(type, [made, .. PropertiesOf(type)]);
        return made;
    }

    /// <summary>A copy of the method's statements, without the call of the constructor of the base class.</summary>
    public static StatementBlockAst CopyOwn(FunctionMemberAst method)
    {
        NamedBlockAst body = method.Body.EndBlock;
        return new StatementBlockAst(
            body.Extent,
            body.Statements.Skip(CallOfBase(body).Length).Select(static statement => (StatementAst)statement.Copy()),
            body.Traps?.Select(static trap => (TrapStatementAst)trap.Copy()));
    }

    /// <summary>The call of the constructor of the base class, which comes first; its copy would be an ordinary one.</summary>
    public static StatementAst[] CallOfBase(NamedBlockAst body) => [.. body.Statements.Take(1).Select(CallOfBase).OfType<StatementAst>()];

    // With a class around it, in which the compiler looks for the type.
    private static FunctionMemberAst Rewrite(FunctionMemberAst method, StatementBlockAst statements, bool initializes)
    {
        IScriptExtent at = method.Extent;
        var type = (TypeDefinitionAst)method.Parent;
        var body = new ScriptBlockAst(method.Body.Extent, null, statements, isFilter: false);
        var function = new FunctionDefinitionAst(
            at, isFilter: false, isWorkflow: false, method.Name, method.Parameters.Select(static parameter => (ParameterAst)parameter.Copy()), body);
        var guarded = new FunctionMemberAst(
            at, function, (TypeConstraintAst?)method.ReturnType?.Copy(), method.Attributes.Select(static attribute => (AttributeAst)attribute.Copy()), method.MethodAttributes);
        TypeDefinitionAst around = Around(type, [guarded, .. initializes ? PropertiesOf(type) : []]);
        foreach (Ast block in around.FindAll(static node => node is ScriptBlockAst, searchNestedScriptBlocks: true))
        {
            // As the parser has done it for the method. Nothing above it says that there is a class, once a block in it is run alone.
            IsCheckedProperty!.SetValue(block, true);
        }

        return guarded;
    }

    private static TypeDefinitionAst Around(TypeDefinitionAst type, IEnumerable<MemberAst> members)
    {
        var around = new TypeDefinitionAst(
            type.Extent, type.Name, [], members, type.TypeAttributes, type.BaseTypes.Select(static based => (TypeConstraintAst)based.Copy()));
        TypeProperty!.SetValue(around, TypeProperty.GetValue(type));
        return around;
    }

    private static IEnumerable<MemberAst> PropertiesOf(TypeDefinitionAst type) =>
        type.Members.OfType<PropertyMemberAst>().Select(static property => (MemberAst)property.Copy());

    private static CommandExpressionAst? CallOfBase(StatementAst statement) =>
        statement is CommandExpressionAst { Expression: BaseCtorInvokeMemberExpressionAst call }
            ? new CommandExpressionAst(
                statement.Extent,
                new BaseCtorInvokeMemberExpressionAst(call.Member.Extent, call.Extent, call.Arguments?.Select(static argument => (ExpressionAst)argument.Copy())),
                [])
            : null;
}

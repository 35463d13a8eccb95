using System.Management.Automation;
using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Reads in a script whether what it does lasts beyond its call: it sets a property, an element, or a variable of the session, or fills a
/// collection, of something that others may have. Run by several operations at the same time such a script would lose some of it.
/// </summary>
internal static class LastingChanges
{
    /// <summary>Methods of .NET's collections and texts that change them.</summary>
    private static readonly HashSet<string> Changing = new(StringComparer.OrdinalIgnoreCase)
    {
        "Add", "AddFirst", "AddLast", "AddRange", "Append", "AppendFormat", "AppendLine", "Clear", "Dequeue", "Enqueue", "Insert", "Pop", "Push", "Remove",
        "RemoveAll", "RemoveAt", "RemoveFirst", "RemoveLast", "RemoveRange", "RemoveWhere", "Reverse", "set_Item", "SetValue", "Sort", "TryAdd", "UnionWith",
    };

    /// <summary>Methods, and the commands, that run a text: what it changes cannot be read.</summary>
    private static readonly HashSet<string> RunningText = new(StringComparer.OrdinalIgnoreCase)
    {
        "iex", "Invoke-Expression", "InvokeScript", "NewScriptBlock",
    };

    /// <summary>What a script changes.</summary>
    /// <param name="script">The script's syntax tree.</param>
    /// <param name="others">Names of methods that change something.</param>
    public static ChangeReach Of(Ast script, IReadOnlySet<string> others)
    {
        ChangeReach most = ChangeReach.None;
        foreach (Ast node in script.FindAll(
            static node => node is AssignmentStatementAst or UnaryExpressionAst or InvokeMemberExpressionAst or CommandAst, searchNestedScriptBlocks: true))
        {
            ChangeReach one = Of(node, script, others);
            most = one > most ? one : most;
        }

        return most;
    }

    /// <summary>The methods of a class that change something, by calling one another too.</summary>
    /// <param name="methods">All of them.</param>
    /// <param name="ofSession">Those that change the session.</param>
    public static Dictionary<FunctionMemberAst, ChangeReach> Among(IReadOnlyCollection<FunctionMemberAst> methods, IEnumerable<FunctionMemberAst> ofSession)
    {
        var found = ofSession.ToDictionary(static method => method, static _ => ChangeReach.Session);
        bool isMore = true;
        while (isMore)
        {
            isMore = false;
            var names = found.Keys.Where(static method => !method.IsConstructor).Select(static method => method.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (FunctionMemberAst method in methods)
            {
                ChangeReach reach = Of(method, names);
                if (reach > found.GetValueOrDefault(method))
                {
                    found[method] = reach;
                    isMore = true;
                }
            }
        }

        return found;
    }

    private static ChangeReach Of(Ast node, Ast script, IReadOnlySet<string> others) => node switch
    {
        AssignmentStatementAst assignment => Targets(assignment.Left).Max(target => OfTarget(target, script)),
        UnaryExpressionAst { TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus } unary =>
            OfTarget(unary.Child, script),
        CommandAst command when RunningText.Contains(command.GetCommandName() ?? "") => ChangeReach.Session,
        InvokeMemberExpressionAst call when IsRunningText(call) => ChangeReach.Session,
        InvokeMemberExpressionAst { Member: StringConstantExpressionAst name } call when others.Contains(name.Value) || (Changing.Contains(name.Value) && call.Expression is not TypeExpressionAst) =>
            OfOwner(call.Expression, script),
        _ => ChangeReach.None,
    };

    private static bool IsRunningText(InvokeMemberExpressionAst call) =>
        call.Member is StringConstantExpressionAst name
        && (RunningText.Contains(name.Value)
            || (name.Value.Equals("Create", StringComparison.OrdinalIgnoreCase) && call.Expression is TypeExpressionAst type && type.TypeName.GetReflectionType() == typeof(ScriptBlock)));

    private static IEnumerable<ExpressionAst> Targets(ExpressionAst left) => left switch
    {
        AttributedExpressionAst attributed => Targets(attributed.Child),
        ArrayLiteralAst several => several.Elements.SelectMany(Targets),
        ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst inner] } } => Targets(inner.Expression),
        _ => [left],
    };

    private static ChangeReach OfTarget(ExpressionAst target, Ast script) => target switch
    {
        MemberExpressionAst member => OfOwner(member.Expression, script),
        IndexExpressionAst index => OfOwner(index.Target, script),
        VariableExpressionAst { VariablePath: { IsGlobal: true } or { IsScript: true } } => ChangeReach.Session,
        _ => ChangeReach.None,
    };

    // What the script itself has made is nobody else's: a new object, which its constructor sets, or what it put into a variable of its own.
    private static ChangeReach OfOwner(ExpressionAst owner, Ast script) => owner switch
    {
        MemberExpressionAst member => OfOwner(member.Expression, script),
        IndexExpressionAst index => OfOwner(index.Target, script),
        VariableExpressionAst variable when IsThis(variable) => script is FunctionMemberAst { IsConstructor: true, IsStatic: false } ? ChangeReach.None : ChangeReach.Object,
        VariableExpressionAst { VariablePath: { IsGlobal: false, IsScript: false } path } when IsMadeIn(script, path.UserPath) => ChangeReach.None,
        _ => ChangeReach.Session,
    };

    private static bool IsThis(VariableExpressionAst variable) => variable.VariablePath.UserPath.Equals("this", StringComparison.OrdinalIgnoreCase);

    private static bool IsMadeIn(Ast script, string name)
    {
        List<AssignmentStatementAst> settings = [.. script.FindAll(
            node => node is AssignmentStatementAst assignment
                && Targets(assignment.Left).Any(target => target is VariableExpressionAst set && set.VariablePath.UserPath.Equals(name, StringComparison.OrdinalIgnoreCase)),
            searchNestedScriptBlocks: true).Cast<AssignmentStatementAst>()];
        return settings.Count > 0 && settings.All(static setting => setting.Operator != TokenKind.Equals || IsNew(setting.Right));
    }

    private static bool IsNew(Ast value) => value switch
    {
        CommandExpressionAst { Expression: { } expression } => IsNew(expression),
        PipelineAst { PipelineElements: [.., CommandAst] } => true,
        PipelineAst { PipelineElements: [CommandExpressionAst { Expression: { } expression }] } => IsNew(expression),
        ConvertExpressionAst convert => IsNew(convert.Child),
        InvokeMemberExpressionAst { Static: true, Member: StringConstantExpressionAst { Value: "new" } } => true,
        HashtableAst or ArrayExpressionAst or ArrayLiteralAst or ConstantExpressionAst or ExpandableStringExpressionAst or BinaryExpressionAst => true,
        _ => false,
    };
}

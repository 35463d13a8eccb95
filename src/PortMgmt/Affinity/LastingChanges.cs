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
        "Add", "AddAfter", "AddBefore", "AddFirst", "AddLast", "AddRange", "Append", "AppendFormat", "AppendJoin", "AppendLine", "Clear", "Dequeue", "Enqueue",
        "ExceptWith", "Insert", "InsertRange", "IntersectWith", "MoveNext", "Next", "NextBytes", "NextDouble", "Pop", "Push", "Remove", "RemoveAll", "RemoveAt",
        "RemoveFirst", "RemoveLast", "RemoveRange", "RemoveWhere", "Reverse", "set_Item", "SetValue", "Sort", "SymmetricExceptWith", "TryAdd", "TryDequeue",
        "TryPop", "UnionWith", "Write", "WriteLine",
    };

    /// <summary>How names of commands begin that put out what nobody else has.</summary>
    private static readonly string[] Making = ["New-", "ConvertFrom-", "ConvertTo-", "Import-", "Invoke-RestMethod", "Invoke-WebRequest"];

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
        CommandAst command when AddsMember(command) => OfAddedTo(command, script),
        InvokeMemberExpressionAst call when IsRunningText(call) => ChangeReach.Session,
        InvokeMemberExpressionAst { Member: not StringConstantExpressionAst, Static: false } call => OfOwner(call.Expression, script),
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
    // What is in a collection that it made, others may have.
    private static ChangeReach OfOwner(ExpressionAst owner, Ast script, bool isInside = false) => owner switch
    {
        MemberExpressionAst member => OfOwner(member.Expression, script, isInside: true),
        IndexExpressionAst index => OfOwner(index.Target, script, isInside: true),
        VariableExpressionAst variable when IsThis(variable) => script is FunctionMemberAst { IsConstructor: true, IsStatic: false } ? ChangeReach.None : ChangeReach.Object,
        VariableExpressionAst { VariablePath: { IsGlobal: false, IsScript: false } path } when IsMadeIn(script, path.UserPath, isInside) => ChangeReach.None,
        _ => ChangeReach.Session,
    };

    private static bool AddsMember(CommandAst command) => command.GetCommandName() is { } name
        && (name.Equals("Add-Member", StringComparison.OrdinalIgnoreCase) || name.Equals("Update-List", StringComparison.OrdinalIgnoreCase));

    // To what comes first in its pipeline, or is named.
    private static ChangeReach OfAddedTo(CommandAst command, Ast script)
    {
        var pipeline = command.Parent as PipelineAst;
        ExpressionAst? first = pipeline?.PipelineElements[0] is CommandExpressionAst expression ? expression.Expression
            : StaticParameterBinder.BindCommand(command, resolve: true).BoundParameters.GetValueOrDefault("InputObject")?.Value as ExpressionAst;
        return first switch
        {
            null => pipeline?.PipelineElements[0] is CommandAst made && made != command && IsMaking(made) ? ChangeReach.None : ChangeReach.Session,
            _ when IsNew(first, isInside: false) => ChangeReach.None,
            _ => OfOwner(first, script),
        };
    }

    private static bool IsThis(VariableExpressionAst variable) => variable.VariablePath.UserPath.Equals("this", StringComparison.OrdinalIgnoreCase);

    private static bool IsMadeIn(Ast script, string name, bool isInside)
    {
        List<AssignmentStatementAst> settings = [.. script.FindAll(
            node => node is AssignmentStatementAst assignment
                && Targets(assignment.Left).Any(target => target is VariableExpressionAst set && set.VariablePath.UserPath.Equals(name, StringComparison.OrdinalIgnoreCase)),
            searchNestedScriptBlocks: true).Cast<AssignmentStatementAst>()];
        return settings.Count > 0 && settings.All(setting => setting.Operator != TokenKind.Equals ? !isInside : IsNew(setting.Right, isInside));
    }

    private static bool IsNew(Ast value, bool isInside) => value switch
    {
        CommandExpressionAst { Expression: { } expression } => IsNew(expression, isInside),
        PipelineAst { PipelineElements: [CommandExpressionAst { Expression: { } expression }] } => IsNew(expression, isInside),
        PipelineAst pipeline => pipeline.PipelineElements.Skip(1).All(static element => element is CommandAst command && AddsMember(command))
            && (pipeline.PipelineElements[0] is CommandAst first ? IsMaking(first) : pipeline.PipelineElements.Count > 1 && IsNew(pipeline.PipelineElements[0], isInside)),
        ConvertExpressionAst convert => IsNew(convert.Child, isInside),
        InvokeMemberExpressionAst { Static: true, Member: StringConstantExpressionAst { Value: "new" } } => true,
        ConstantExpressionAst or ExpandableStringExpressionAst => true,
        HashtableAst or ArrayExpressionAst or ArrayLiteralAst or BinaryExpressionAst => !isInside,
        _ => false,
    };

    private static bool IsMaking(CommandAst command) =>
        command.GetCommandName() is { } name && Array.Exists(Making, start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));
}

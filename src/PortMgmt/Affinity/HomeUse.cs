using System.Management.Automation;
using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Reads in a script whether it uses its session in a way that another runspace cannot do for it: by names that are not known before it
/// runs, and by what is more than a variable's value.
/// </summary>
internal static class HomeUse
{
    private static readonly HashSet<string> SettingVariables = new(StringComparer.OrdinalIgnoreCase)
    {
        "Clear-Variable", "clv", "New-Variable", "nv", "Remove-Variable", "rv", "Set-Variable", "set", "sv",
    };

    /// <summary>Those of which the value of the variable is all that is set, unless a parameter says more.</summary>
    private static readonly HashSet<string> SettingValues = new(StringComparer.OrdinalIgnoreCase) { "Clear-Variable", "clv", "Set-Variable", "set", "sv" };

    private static readonly HashSet<string> SettingAliases = new(StringComparer.OrdinalIgnoreCase)
    {
        "Import-Alias", "ipal", "nal", "New-Alias", "Remove-Alias", "sal", "Set-Alias",
    };

    /// <summary>Those that show what a session has, or change it for all that is run there.</summary>
    private static readonly HashSet<string> OfSession = new(StringComparer.OrdinalIgnoreCase)
    {
        "gal", "gdr", "Get-Alias", "Get-Event", "Get-EventSubscriber", "Get-History", "Get-Job", "Get-Module", "Get-PSDrive", "Get-PSSession",
        "Get-TypeData", "Get-Variable", "gjb", "gmo", "gsn", "gv", "New-Event", "Register-EngineEvent", "Register-ObjectEvent",
        "Remove-TypeData", "Unregister-Event", "Update-TypeData",
    };

    private static readonly string[] ReadingItems = ["Get-", "Test-", "Resolve-", "gi", "gci", "dir", "ls", "gc", "cat", "type"];

    private static readonly string[] Drives = ["variable:", "function:", "alias:"];

    private static readonly string[] SessionScopes = ["global:", "script:"];

    private static readonly HashSet<string> RunningText = new(StringComparer.OrdinalIgnoreCase)
    {
        "Create", "ExpandString", "iex", "Invoke-Expression", "InvokeScript", "NewScriptBlock",
    };

    private static readonly HashSet<string> OwnValues = new(StringComparer.OrdinalIgnoreCase) { "value", "force", "name", "scope" };

    /// <summary>What a part of a script changes in the session so that it cannot be done elsewhere, for errors; null for nothing.</summary>
    public static string? FindChange(Ast node) => node switch
    {
        CommandAst command when command.GetCommandName() is { } name => FindChange(command, name),
        CommandAst command when command.CommandElements.Any(static element => element is CommandParameterAst { ParameterName: var name } && name.Equals("Scope", StringComparison.OrdinalIgnoreCase)) =>
            "runs a command with -Scope of which the name cannot be told",
        FunctionDefinitionAst function when StartsWith(function.Name, SessionScopes) => $"defines {function.Name}",
        InvokeMemberExpressionAst { Member: StringConstantExpressionAst { Value: "Set" or "Remove" or "set" or "remove" }, Expression: MemberExpressionAst { Member: StringConstantExpressionAst owner } }
            when owner.Value.Equals("PSVariable", StringComparison.OrdinalIgnoreCase) => "sets a variable by PSVariable",
        VariableExpressionAst variable when IsOfDrive(variable) && ScriptVariables.IsSetAt(variable) => $"sets ${variable.VariablePath.UserPath}",
        _ => null,
    };

    /// <summary>Whether a part of a script may find in the session what cannot be known before it runs.</summary>
    public static bool MayFind(Ast node) => node switch
    {
        CommandAst command when command.GetCommandName() is { } name => RunningText.Contains(name) || OfSession.Contains(name) || Names(command, Drives),
        InvokeMemberExpressionAst { Member: StringConstantExpressionAst { Value: var member } } call when !IsOfCall(call.Expression, member) =>
            RunningText.Contains(member) && (!member.Equals("Create", StringComparison.OrdinalIgnoreCase) || IsOfBlocks(call.Expression)),
        MemberExpressionAst { Member: StringConstantExpressionAst { Value: var member } } expression when IsOfCall(expression.Expression, member) => true,
        StringConstantExpressionAst { Value: var text } => text.Equals("CurrentRunspace", StringComparison.OrdinalIgnoreCase) || text.Equals("DefaultRunspace", StringComparison.OrdinalIgnoreCase),
        VariableExpressionAst { VariablePath: { IsGlobal: true } path } variable when ScriptVariables.IsOfEach(ScriptVariables.NameOf(path)) => !ScriptVariables.IsSetAt(variable),
        VariableExpressionAst variable => IsOfDrive(variable) || ScriptVariables.NameOf(variable.VariablePath).Equals("ExecutionContext", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>The variable of the session that a command sets, and no more than its value; null for none.</summary>
    public static string? VariableSetBy(CommandAst command)
    {
        if (!SettingValues.Contains(command.GetCommandName() ?? ""))
        {
            return null;
        }

        StaticBindingResult bound = StaticParameterBinder.BindCommand(command, resolve: true);
        return ScopeOf(bound) is string scope && (scope.Equals("Global", StringComparison.OrdinalIgnoreCase) || scope.Equals("Script", StringComparison.OrdinalIgnoreCase))
            && bound.BindingExceptions.Count == 0 && bound.BoundParameters.Keys.All(OwnValues.Contains)
            && bound.BoundParameters.TryGetValue("Name", out ParameterBindingResult? name) && name.ConstantValue is string found
            && !WildcardPattern.ContainsWildcardCharacters(found) && !found.Contains(':', StringComparison.Ordinal) ? scope + ":" + found : null;
    }

    private static string? FindChange(CommandAst command, string name)
    {
        if (VariableParameters.AreIn(command))
        {
            return $"has a parameter of {name} that sets a variable of the session";
        }

        if (Names(command, Drives) && !StartsWith(name, ReadingItems))
        {
            return $"changes {string.Join(", ", Drives)} by {name}";
        }

        bool isVariable = SettingVariables.Contains(name);
        if (!isVariable && !SettingAliases.Contains(name))
        {
            return null;
        }

        if (VariableParameters.AreSplatted(command))
        {
            return $"has parameters of {name} that cannot be told";
        }

        if (isVariable && Names(command, SessionScopes))
        {
            return $"sets a variable of the session by {name}";
        }

        object? scope = ScopeOf(StaticParameterBinder.BindCommand(command, resolve: true));
        return scope is null or 0 or "0" || (scope is string text && text.Equals("Local", StringComparison.OrdinalIgnoreCase)) || (isVariable && VariableSetBy(command) is not null)
            ? null
            : $"sets {(isVariable ? "a variable" : "an alias")} of the session by {name}, of which the name or the scope cannot be told";
    }

    // Not null where it is given and cannot be told.
    private static object? ScopeOf(StaticBindingResult bound) =>
        bound.BoundParameters.TryGetValue("Scope", out ParameterBindingResult? scope) ? scope.ConstantValue ?? bound : null;

    // Of the command that is run: its session, or its module.
    private static bool IsOfCall(ExpressionAst owner, string member)
    {
        Ast? root = owner;
        while (root is MemberExpressionAst inner)
        {
            root = inner.Expression;
        }

        string name = root is VariableExpressionAst variable ? variable.VariablePath.UserPath.ToUpperInvariant() : "";
        return (name is "PSCMDLET" && member.ToUpperInvariant() is "SESSIONSTATE" or "GETVARIABLEVALUE" or "INVOKECOMMAND" or "INVOKEPROVIDER")
            || (name is "PSCMDLET" or "MYINVOCATION" && member.ToUpperInvariant() is "MODULE" or "MODULENAME");
    }

    private static bool Names(CommandAst command, string[] starts) => command.CommandElements.Skip(1)
        .Select(static element => element is CommandParameterAst { Argument: { } argument } ? argument : element)
        .Any(element => StartsWith(element is ExpandableStringExpressionAst text ? text.Value : (element as StringConstantExpressionAst)?.Value, starts));

    private static bool StartsWith(string? text, string[] starts) =>
        text is not null && Array.Exists(starts, start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    private static bool IsOfDrive(VariableExpressionAst variable) => StartsWith(variable.VariablePath.UserPath, Drives);

    private static bool IsOfBlocks(ExpressionAst owner) => owner is TypeExpressionAst type && type.TypeName.GetReflectionType() == typeof(ScriptBlock);
}

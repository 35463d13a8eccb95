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

    private static readonly HashSet<string> ReadingVariables = new(StringComparer.OrdinalIgnoreCase) { "Get-Variable", "gv" };

    private static readonly string[] ReadingItems = ["Get-", "Test-", "Resolve-", "gi", "gci", "dir", "ls", "gc", "cat", "type"];

    private static readonly string[] Drives = ["variable:", "function:", "alias:"];

    private static readonly string[] SessionScopes = ["global:", "script:"];

    /// <summary>Common parameters that name a variable.</summary>
    private static readonly string[] NamingParameters = ["ErrorVariable", "ev", "InformationVariable", "iv", "OutVariable", "ov", "PipelineVariable", "pv", "WarningVariable", "wv"];

    private static readonly HashSet<string> RunningText = new(StringComparer.OrdinalIgnoreCase)
    {
        "Create", "ExpandString", "iex", "Invoke-Expression", "InvokeScript", "NewScriptBlock",
    };

    private static readonly HashSet<string> OwnValues = new(StringComparer.OrdinalIgnoreCase) { "value", "force", "name", "scope" };

    /// <summary>What a part of a script changes in the session so that it cannot be done elsewhere, for errors; null for nothing.</summary>
    public static string? FindChange(Ast node) => node switch
    {
        CommandAst command when command.GetCommandName() is { } name => FindChange(command, name),
        FunctionDefinitionAst function when StartsWith(function.Name, SessionScopes) => $"defines {function.Name}",
        InvokeMemberExpressionAst { Member: StringConstantExpressionAst { Value: "Set" or "Remove" or "set" or "remove" }, Expression: MemberExpressionAst { Member: StringConstantExpressionAst owner } }
            when owner.Value.Equals("PSVariable", StringComparison.OrdinalIgnoreCase) => "sets a variable by PSVariable",
        VariableExpressionAst variable when IsOfDrive(variable) && ScriptVariables.IsSetAt(variable) => $"sets ${variable.VariablePath.UserPath}",
        _ => null,
    };

    /// <summary>Whether a part of a script may find in the session what cannot be known before it runs.</summary>
    public static bool MayFind(Ast node) => node switch
    {
        CommandAst command when command.GetCommandName() is { } name => RunningText.Contains(name) || ReadingVariables.Contains(name) || Names(command, Drives),
        InvokeMemberExpressionAst { Member: StringConstantExpressionAst { Value: var member } } call =>
            RunningText.Contains(member) && (!member.Equals("Create", StringComparison.OrdinalIgnoreCase) || IsOfBlocks(call.Expression)),
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
        if (NamesVariable(command))
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

    private static bool NamesVariable(CommandAst command)
    {
        for (int i = 1; i < command.CommandElements.Count; i++)
        {
            if (command.CommandElements[i] is CommandParameterAst parameter
                && Array.Exists(NamingParameters, name => name.StartsWith(parameter.ParameterName, StringComparison.OrdinalIgnoreCase))
                && (parameter.Argument ?? command.CommandElements.ElementAtOrDefault(i + 1)) is StringConstantExpressionAst named
                && StartsWith(named.Value.TrimStart('+'), SessionScopes))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Names(CommandAst command, string[] starts) => command.CommandElements.Skip(1)
        .Select(static element => element is CommandParameterAst { Argument: { } argument } ? argument : element)
        .Any(element => StartsWith(element is ExpandableStringExpressionAst text ? text.Value : (element as StringConstantExpressionAst)?.Value, starts));

    private static bool StartsWith(string? text, string[] starts) =>
        text is not null && Array.Exists(starts, start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    private static bool IsOfDrive(VariableExpressionAst variable) => StartsWith(variable.VariablePath.UserPath, Drives);

    private static bool IsOfBlocks(ExpressionAst owner) => owner is TypeExpressionAst type && type.TypeName.GetReflectionType() == typeof(ScriptBlock);
}

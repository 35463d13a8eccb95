using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>Parameters of commands that name a variable to be set.</summary>
internal static class VariableParameters
{
    private static readonly string[] NamingParameters =
    [
        "BindingVariable", "ErrorVariable", "ev", "InformationVariable", "iv", "OutVariable",
        "ov", "PipelineVariable", "pv", "SessionVariable", "Variable", "WarningVariable", "wv",
    ];

    /// <summary>Whether a call has one with a scope of the session, or a value that cannot be told. A native program has short parameters of its own.</summary>
    public static bool AreIn(CommandAst command)
    {
        for (int i = 1; i < command.CommandElements.Count; i++)
        {
            if (command.CommandElements[i] is CommandParameterAst parameter
                && Array.Exists(NamingParameters, name => name.StartsWith(parameter.ParameterName, StringComparison.OrdinalIgnoreCase))
                && (parameter.Argument ?? command.CommandElements.ElementAtOrDefault(i + 1)) is { } named
                && (named is StringConstantExpressionAst known ? IsOfSession(known.Value.TrimStart('+')) : parameter.ParameterName.Length > 2 && Is(parameter.ParameterName)))
            {
                return true;
            }
        }

        return command.CommandElements.Any(static element => element is VariableExpressionAst { Splatted: true } splatted && MayNameVariable(splatted));
    }

    /// <summary>Whether a call has parameters in a table or list.</summary>
    public static bool AreSplatted(CommandAst command) => command.CommandElements.Any(static element => element is VariableExpressionAst { Splatted: true });

    private static bool Is(string name) => NamingParameters.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool IsOfSession(string variable) =>
        variable.StartsWith("global:", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("script:", StringComparison.OrdinalIgnoreCase);

    // A table in the same script, with such a parameter.
    private static bool MayNameVariable(VariableExpressionAst splatted)
    {
        Ast root = splatted;
        while (root.Parent is not null)
        {
            root = root.Parent;
        }

        return root.FindAll(IsSetting, searchNestedScriptBlocks: true)
            .SelectMany(static setting => ((AssignmentStatementAst)setting).Right.FindAll(static node => node is HashtableAst, searchNestedScriptBlocks: true).Cast<HashtableAst>())
            .SelectMany(static table => table.KeyValuePairs)
            .Any(static pair => pair.Item1 is StringConstantExpressionAst key && Is(key.Value));

        bool IsSetting(Ast node) => node is AssignmentStatementAst { Left: VariableExpressionAst set }
            && set.VariablePath.UserPath.Equals(splatted.VariablePath.UserPath, StringComparison.OrdinalIgnoreCase);
    }
}

using System.Management.Automation;
using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>Which variables a script has to itself, and which it finds around it.</summary>
internal static class ScriptVariables
{
    /// <summary>Those that each call or runspace has of its own, besides the automatic ones.</summary>
    private static readonly HashSet<string> OfEach = new(StringComparer.OrdinalIgnoreCase)
    {
        "_", "args", "base", "false", "foreach", "input", "Matches", "MyInvocation", "null", "PSBoundParameters", "PSCmdlet", "PSCommandPath",
        "PSItem", "PSScriptRoot", "switch", "this", "true", "FormatEnumerationLimit", "OFS", "OutputEncoding", "PSDefaultParameterValues",
        "PSEmailServer", "PSModuleAutoLoadingPreference", "PSNativeCommandArgumentPassing", "PSNativeCommandUseErrorActionPreference",
        "PSSessionApplicationName", "PSSessionConfigurationName", "PSSessionOption",
    };

    /// <summary>The name without its scope.</summary>
    public static string NameOf(VariablePath path) => path.UserPath[(path.UserPath.LastIndexOf(':') + 1)..];

    public static bool IsOfEach(string name) => OfEach.Contains(name) || name.EndsWith("Preference", StringComparison.OrdinalIgnoreCase);

    /// <summary>The names that are parameters, or are set anywhere in the script.</summary>
    public static HashSet<string> SetIn(Ast script)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (Ast node in script.FindAll(static node => node is ParameterAst or VariableExpressionAst, searchNestedScriptBlocks: true))
        {
            if (node is ParameterAst parameter)
            {
                names.Add(NameOf(parameter.Name.VariablePath));
            }
            else if (node is VariableExpressionAst variable && IsSetAt(variable))
            {
                names.Add(NameOf(variable.VariablePath));
            }
        }

        return names;
    }

    /// <summary>The names that are parameters, or are set in the scope of the session.</summary>
    public static HashSet<string> NotLocalIn(Ast script) => script
        .FindAll(static node => node is ParameterAst or VariableExpressionAst { VariablePath: { IsGlobal: true } or { IsScript: true } }, searchNestedScriptBlocks: true)
        .Where(static node => node is ParameterAst || IsSetAt((VariableExpressionAst)node))
        .Select(static node => NameOf((node as ParameterAst)?.Name.VariablePath ?? ((VariableExpressionAst)node).VariablePath))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the variable is set where it stands: by an assignment, a loop, or counting.</summary>
    public static bool IsSetAt(VariableExpressionAst variable)
    {
        Ast node = variable;
        while (node.Parent is ConvertExpressionAst or ArrayLiteralAst or AttributedExpressionAst or ParenExpressionAst)
        {
            node = node.Parent;
        }

        return node.Parent switch
        {
            AssignmentStatementAst assignment => assignment.Left == node,
            ForEachStatementAst loop => loop.Variable == node,
            UnaryExpressionAst unary => unary.TokenKind is TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus,
            _ => false,
        };
    }

    /// <summary>Whether something gets a reference to the variable, by which it may set it: <c>[ref]$x</c>.</summary>
    public static bool IsReferredTo(VariableExpressionAst variable) =>
        variable.Parent is ConvertExpressionAst convert && convert.Type.TypeName.Name.Equals("ref", StringComparison.OrdinalIgnoreCase);
}

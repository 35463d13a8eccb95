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

    /// <summary>The names that are the script's own wherever it reads them: parameters, and what it has set before, whichever way it came there.</summary>
    public static HashSet<string> OwnIn(Ast script)
    {
        HashSet<string> names = SetIn(script);
        VariableExpressionAst[] all = [.. script.FindAll(static node => node is VariableExpressionAst, searchNestedScriptBlocks: true).Cast<VariableExpressionAst>()];
        ILookup<string, VariableExpressionAst> uses = all.Where(variable => names.Contains(NameOf(variable.VariablePath)))
            .ToLookup(static variable => NameOf(variable.VariablePath), StringComparer.OrdinalIgnoreCase);
        names.RemoveWhere(name => !uses[name].Any(static use => use.Parent is ParameterAst parameter && parameter.Name == use)
            && uses[name].Any(use => IsRead(use) && !uses[name].Any(other => IsSetBefore(other, use))));
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
        Ast node = Target(variable);
        return node.Parent switch
        {
            AssignmentStatementAst assignment => assignment.Left == node,
            ForEachStatementAst loop => loop.Variable == node,
            UnaryExpressionAst unary => unary.TokenKind is TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus,
            _ => false,
        };
    }

    // Counting reads as well; setting by an operator begins with nothing.
    private static bool IsRead(VariableExpressionAst variable) => !IsSetAt(variable) || SettingOf(variable) is UnaryExpressionAst;

    // In a block around the other, and above it; a loop's variable also within the loop.
    private static bool IsSetBefore(VariableExpressionAst set, VariableExpressionAst other)
    {
        if (!IsSetAt(set) || IsRead(set))
        {
            return false;
        }

        Ast setting = SettingOf(set);
        Ast? within = setting is ForEachStatementAst loop ? loop.Body : BlockOf(setting);
        return (setting is ForEachStatementAst || setting.Extent.EndOffset <= other.Extent.StartOffset) && IsWithin(other, within);
    }

    private static Ast SettingOf(VariableExpressionAst variable) => Target(variable).Parent;

    // The whole of what is set: [int]$x, or $x, $y.
    private static Ast Target(VariableExpressionAst variable)
    {
        Ast node = variable;
        while (node.Parent is ConvertExpressionAst or ArrayLiteralAst or AttributedExpressionAst or ParenExpressionAst)
        {
            node = node.Parent;
        }

        return node;
    }

    // What is only evaluated if something before it says so is no block around.
    private static Ast? BlockOf(Ast setting)
    {
        Ast? node = setting.Parent;
        while (node is not (null or StatementBlockAst or NamedBlockAst or BinaryExpressionAst) && node.GetType().Name is not ("TernaryExpressionAst" or "PipelineChainAst"))
        {
            node = node.Parent;
        }

        return node;
    }

    private static bool IsWithin(Ast? node, Ast? block)
    {
        while (node is not null && node != block)
        {
            node = node.Parent;
        }

        return node is not null;
    }

    /// <summary>Whether something gets a reference to the variable, by which it may set it: <c>[ref]$x</c>.</summary>
    public static bool IsReferredTo(VariableExpressionAst variable) =>
        variable.Parent is ConvertExpressionAst convert && convert.Type.TypeName.Name.Equals("ref", StringComparison.OrdinalIgnoreCase);
}

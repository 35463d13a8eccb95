using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Affinity;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>Finds the values of the <c>$using:</c> expressions of a script block in the scope that the cmdlet was called from.</summary>
internal static class UsingValues
{
    /// <summary>The engine's own name for the parameter that carries the values to a script.</summary>
    public const string ParameterName = "--%";

    private const string VariableDrive = "variable:";

    /// <summary>Kinds of members that a value has not by its type.</summary>
    private const PSMemberTypes Added = PSMemberTypes.NoteProperty | PSMemberTypes.ScriptProperty | PSMemberTypes.ScriptMethod
        | PSMemberTypes.AliasProperty | PSMemberTypes.CodeProperty | PSMemberTypes.CodeMethod;

    /// <summary>Evaluates every expression once.</summary>
    /// <param name="block">The script block.</param>
    /// <param name="state">The caller's session state.</param>
    /// <param name="bound">Takes what belongs to the caller's session.</param>
    /// <returns>The values, under the keys by which the engine looks for them.</returns>
    /// <exception cref="OperationException">A variable is not there, or its value cannot be used in another runspace.</exception>
    public static Dictionary<string, object?> Collect(ScriptBlock block, SessionState state, BoundValues bound)
    {
        Dictionary<string, object?> values = [];
        foreach (UsingExpressionAst expression in block.Ast.FindAll(node => node is UsingExpressionAst, searchNestedScriptBlocks: true))
        {
            string key = KeyOf(expression);
            if (values.ContainsKey(key) || UsingCollectors.Own(expression, block.Ast))
            {
                continue;
            }

            if (!TryEvaluate(expression, state, out object? value))
            {
                throw new OperationException(
                    OperationErrorCode.NameNotFound,
                    $"{expression.Extent.Text} has no value: there is no such variable where the batch or worker was called. "
                    + "Set it before, or correct its name; in an operation, only what that operation has counts.");
            }

            bound.Take(value, expression.Extent.Text);
            values[key] = value;
        }

        return values;
    }

    // As the engine computes it: names of variables without regard to case, expressions as they stand.
    private static string KeyOf(UsingExpressionAst expression)
    {
        string text = expression.ToString();
        return Convert.ToBase64String(Encoding.Unicode.GetBytes(
            expression.SubExpression is VariableExpressionAst ? text.ToLowerInvariant() : text));
    }

    private static bool TryEvaluate(UsingExpressionAst expression, SessionState state, out object? value)
    {
        value = null;
        var variable = (VariableExpressionAst)expression.SubExpression.Find(node => node is VariableExpressionAst, searchNestedScriptBlocks: false);
        VariablePath path = variable.VariablePath;
        string name = path.UserPath;
        if (name.StartsWith(VariableDrive, StringComparison.OrdinalIgnoreCase))
        {
            name = name[VariableDrive.Length..];
        }
        else if (path.IsDriveQualified)
        {
            value = Run(Replace(expression.SubExpression, variable, "${" + name + "}"), state);
            return true;
        }

        if (state.PSVariable.Get(name) is not { } found)
        {
            return false;
        }

        // What runs has variables of its own, such as $args and $MyInvocation, and does not see the private ones of its caller.
        value = expression.SubExpression == variable
            ? found.Value
            : Run(Replace(expression.SubExpression, variable, "$args[0]"), state, found.Value);
        return true;
    }

    // Two commas, since the pipeline and the call take a collection apart once each.
    private static object? Run(string expression, SessionState state, params object?[] values)
    {
        Collection<PSObject> found = state.InvokeCommand.InvokeScript(useLocalScope: true, ScriptBlock.Create(", , (" + expression + ")"), null, values);
        return found.Count == 0 || found[0] is not { } value ? null : IsMoreThanItsValue(value) ? value : value.BaseObject;
    }

    // A text or number that members were added to has them in its wrapper alone.
    private static bool IsMoreThanItsValue(PSObject value) =>
        value.BaseObject is PSCustomObject || value.Members.Any(static member => member.IsInstance && (member.MemberType & Added) != 0);

    private static string Replace(ExpressionAst expression, VariableExpressionAst variable, string value)
    {
        int start = variable.Extent.StartOffset - expression.Extent.StartOffset;
        int end = variable.Extent.EndOffset - expression.Extent.StartOffset;
        string text = expression.Extent.Text;
        return text[..start] + value + text[end..];
    }
}

using System.Management.Automation;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>The variables that each runspace has by itself: setting them in another fails, or is undone by the next command.</summary>
internal static class AutomaticVariables
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "$", "?", "^", "_", "args", "ConsoleFileName", "EnabledExperimentalFeatures", "Error", "Event", "EventArgs", "EventSubscriber",
        "ExecutionContext", "false", "foreach", "HOME", "Host", "input", "IsCoreCLR", "IsLinux", "IsMacOS", "IsWindows", "LASTEXITCODE",
        "Matches", "MyInvocation", "NestedPromptLevel", "null", "PID", "PROFILE", "PSBoundParameters", "PSCmdlet", "PSCommandPath",
        "PSCulture", "PSDebugContext", "PSEdition", "PSHOME", "PSItem", "PSScriptRoot", "PSSenderInfo", "PSStyle", "PSUICulture", "PSVersionTable",
        "PWD", "Sender", "ShellId", "StackTrace", "switch", "this", "true",
    };

    /// <summary>What an engine that this list does not know sets of its own is constant in all scopes.</summary>
    private const ScopedItemOptions Own = ScopedItemOptions.Constant | ScopedItemOptions.AllScope;

    public static bool Contains(PSVariable variable) => Names.Contains(variable.Name) || (variable.Options & Own) == Own;

    /// <summary>Gives the name back unless it is one of these.</summary>
    /// <exception cref="OperationException">It is.</exception>
    public static string Refuse(string name) => !Names.Contains(name)
        ? name
        : throw new OperationException(
            OperationErrorCode.InvalidOption,
            $"-Variables has ${name}, which PowerShell sets and each runspace has for itself: leave it out, and where the caller's value is meant, write $using:{name}.")
        {
            Option = "Variables",
        };
}

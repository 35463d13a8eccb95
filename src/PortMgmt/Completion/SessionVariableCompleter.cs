using System.Collections;
using System.Management.Automation;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Variables that operations can be given; the tooltip has the type of the value.</summary>
public sealed class SessionVariableCompleter : SessionCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Tooltip)> FindValues(IDictionary boundParameters) =>
        Find<PSVariable>("Microsoft.PowerShell.Utility\\Get-Variable")
            .Where(static variable => !AutomaticVariables.Contains(variable))
            .Select(static variable => (variable.Name, $"${variable.Name}: {Describe(variable.Value)}"));

    private static string Describe(object? value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value)?.GetType().Name ?? "nothing";
}

using System.Collections;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Modules that are loaded in the session; the tooltip has the version and the path.</summary>
public sealed class SessionModuleCompleter : SessionCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Tooltip)> FindValues(IDictionary boundParameters) =>
        Find<PSModuleInfo>("Microsoft.PowerShell.Core\\Get-Module")
            .Select(static module => (module.Name, $"{module.Name} {module.Version}: {module.Path}"))
            .DistinctBy(static found => found.Name, StringComparer.OrdinalIgnoreCase);
}

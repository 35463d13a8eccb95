using System.Collections;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Functions and filters of the session; the tooltip has the module.</summary>
public sealed class SessionFunctionCompleter : SessionCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Tooltip)> FindValues(IDictionary boundParameters) =>
        Find<FunctionInfo>("Microsoft.PowerShell.Management\\Get-ChildItem function:")
            .Select(static function => (function.Name, function.ModuleName is { Length: > 0 } module ? $"{function.Name}: of module {module}" : function.Name));
}

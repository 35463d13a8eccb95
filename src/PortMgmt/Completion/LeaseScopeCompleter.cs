using System.Collections;
using System.Management.Automation;
using PortMgmt.Leases;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Scopes of leases, and the word for the nearest checkout; the tooltip has the names of each.</summary>
public sealed class LeaseScopeCompleter : RegistryCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionResult> FindCandidates(IDictionary boundParameters) => FindLeases(boundParameters)
        .Where(lease => lease.Scope.Length > 0)
        .GroupBy(lease => lease.Scope, StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => new CompletionResult(Quote(group.Key), group.Key, CompletionResultType.ParameterValue, Describe(group)))
        .Prepend(new CompletionResult(PortScope.Auto, PortScope.Auto, CompletionResultType.ParameterValue, "The nearest directory that has .git"));

    private static string Describe(IEnumerable<PortLease> leases) =>
        string.Join(", ", leases.Select(lease => lease.Name).Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)) is { Length: > 0 } names
            ? names
            : "leases without a name";

    // A path may have what a bare word may not.
    private static string Quote(string scope) => scope.All(letter => char.IsLetterOrDigit(letter) || letter is '/' or '.' or '_' or '-' or ':' or '\\')
        ? scope
        : "'" + scope.Replace("'", "''", StringComparison.Ordinal) + "'";
}

using System.Collections;
using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Names of leases; the tooltip has the ports of each.</summary>
public sealed class LeaseNameCompleter : RegistryCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionResult> FindCandidates(IDictionary boundParameters) => FindLeases(boundParameters)
        .Where(lease => lease.Name.Length > 0)
        .GroupBy(lease => lease.Name, StringComparer.OrdinalIgnoreCase)
        .OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
        .Select(group => new CompletionResult(group.Key, group.Key, CompletionResultType.ParameterValue, Describe(group)));

    private static string Describe(IEnumerable<PortLease> leases) =>
        string.Join("; ", leases.Select(lease => PortText.Describe(lease.Protocol) + " port " + PortText.Number(lease.Port) + ", " + PortText.DescribeEnd(lease)));
}

using System.Collections;
using System.Management.Automation;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Leased ports; the tooltip has the lease.</summary>
public sealed class LeasedPortCompleter : RegistryCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionResult> FindCandidates(IDictionary boundParameters) =>
        FindLeases(boundParameters).Select(lease => ForPort(lease.Port, lease + ", " + PortText.DescribeEnd(lease)));
}

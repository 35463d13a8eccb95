using System.Collections;
using System.Management.Automation;
using PortMgmt.Listeners;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Ports on which something listens; the tooltip says what.</summary>
public sealed class ListeningPortCompleter : RegistryCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionResult> FindCandidates(IDictionary boundParameters) => PortListeners.Find()
        .GroupBy(listener => listener.Port)
        .Select(group => ForPort(group.Key, string.Join("; ", group.Select(Describe).Distinct())));

    private static string Describe(PortListener listener) => PortText.Describe(listener.Protocol) + " " + listener.Address + ", "
        + (listener.Id is int id ? (listener.Program ?? "process") + " " + PortText.Number(id) : "process of another user");
}

using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.PowerShell.Cmdlets;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Lists leases by name, port, owner and state.</summary>
[Cmdlet(VerbsCommon.Get, "PortLease", DefaultParameterSetName = BySelection)]
[OutputType(typeof(PortLease))]
public sealed class GetPortLeaseCommand : LeaseSelectionCmdlet
{
    private const string ViewWithListener = "PortMgmt.Leases.PortLease#Listener";

    /// <summary>Process ids of owners; any if left out.</summary>
    [Parameter]
    [Alias("OwnerProcessId")]
    [ValidateRange(1, int.MaxValue)]
    public int[]? ProcessId { get; set; }

    /// <summary>States to look for; active and stale ones if left out.</summary>
    [Parameter]
    public PortLeaseState[]? State { get; set; }

    /// <summary>Whether to look up who listens on each port and whether that is the owner.</summary>
    [Parameter]
    public SwitchParameter IncludeListener { get; set; }

    /// <inheritdoc/>
    protected override void ProcessInput()
    {
        foreach (PortLease lease in Select(State, new PortLeaseFilter { IncludeListener = IncludeListener.IsPresent }))
        {
            if (ProcessId is null || (lease.OwnerProcessId is int owner && Array.IndexOf(ProcessId, owner) >= 0))
            {
                WriteObject(IncludeListener.IsPresent ? WithListenerView(lease) : lease);
            }
        }
    }

    private static PSObject WithListenerView(PortLease lease)
    {
        var shown = new PSObject(lease);
        shown.TypeNames.Insert(0, ViewWithListener);
        return shown;
    }
}

using System.Diagnostics;
using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Lists leases by name, port, owner and state.</summary>
[Cmdlet(VerbsCommon.Get, "PortLease", DefaultParameterSetName = BySelection, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortLease))]
public sealed class GetPortLeaseCommand : LeaseSelectionCmdlet
{
    private const string ViewWithListener = "PortMgmt.Leases.PortLease#Listener";

    /// <summary>Process ids of owners; any if left out.</summary>
    [Parameter]
    [Alias("OwnerProcessId")]
    [ValidateRange(1, int.MaxValue)]
    public int[]? ProcessId { get; set; }

    /// <summary>Owners as objects, such as Get-Process gives.</summary>
    [Parameter(ValueFromPipeline = true)]
    [Accepts(typeof(Process))]
    public Process[]? Process { get; set; }

    /// <summary>States to look for; active and stale ones if left out.</summary>
    [Parameter]
    public PortLeaseState[]? State { get; set; }

    /// <summary>Whether to look up who listens on each port and whether that is the owner.</summary>
    [Parameter]
    public SwitchParameter IncludeListener { get; set; }

    /// <inheritdoc/>
    protected override void ProcessInput()
    {
        DropNameOf(Process is not null);
        foreach (PortLease lease in Select(State, new PortLeaseFilter { IncludeListener = IncludeListener.IsPresent }))
        {
            if (IsWanted(lease))
            {
                WriteObject(IncludeListener.IsPresent ? WithListenerView(lease) : lease);
            }
        }
    }

    private bool IsWanted(PortLease lease) => (ProcessId is null && Process is null)
        || (lease.OwnerProcessId is int owner && (ProcessId?.Contains(owner) is true || Process?.Any(process => process.Id == owner) is true));

    private static PSObject WithListenerView(PortLease lease)
    {
        var shown = new PSObject(lease);
        shown.TypeNames.Insert(0, ViewWithListener);
        return shown;
    }
}

using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.PowerShell.Cmdlets;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Ends leases. A lease that already has a successor is refused, so that late clean-up never takes what is somebody else's.</summary>
[Cmdlet(VerbsCommon.Remove, "PortLease", SupportsShouldProcess = true, DefaultParameterSetName = BySelection, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortLease))]
public sealed class RemovePortLeaseCommand : LeaseChangeCmdlet
{
    /// <summary>Whether another user's leases may be ended too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Whether to put out the leases as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Change(PortLease lease)
    {
        if (!ShouldProcess(lease.ToString(), "End lease"))
        {
            return;
        }

        OpenRegistry().Remove(lease, Force.IsPresent, StopToken);
        WriteVerbose("Gave back " + lease + ".");
        if (PassThru.IsPresent)
        {
            WriteObject(lease);
        }
    }
}

using System.Diagnostics;
using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Errors;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Ends leases. A lease that already has a successor is refused, so that late clean-up never takes what is somebody else's.</summary>
[Cmdlet(VerbsCommon.Remove, "PortLease", SupportsShouldProcess = true, DefaultParameterSetName = BySelection, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortLease))]
public sealed class RemovePortLeaseCommand : LeaseChangeCmdlet
{
    /// <summary>Process ids of owners: of the selection, or of all leases, those that these processes own.</summary>
    [Parameter(ParameterSetName = BySelection)]
    [Alias("OwnerProcessId")]
    [ValidateRange(1, int.MaxValue)]
    public int[]? ProcessId { get; set; }

    /// <summary>The same as objects, such as Get-Process gives. Their own names are not taken for those of leases.</summary>
    [Parameter(ParameterSetName = BySelection, ValueFromPipeline = true)]
    [Accepts(typeof(Process), Changes = true)]
    public Process[]? Process { get; set; }

    /// <summary>Whether another user's leases may be ended too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Whether to put out the leases as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void PrepareInput() => DropNameOf(Process is not null);

    /// <inheritdoc/>
    private protected override IReadOnlyList<PortLease> FindSelected()
    {
        if (ProcessId is null && Process is null)
        {
            return base.FindSelected();
        }

        List<PortLease> leases = Select();
        if (leases.Count == 0 && IsAnySelected)
        {
            return leases;
        }

        HashSet<int> owners = [.. ProcessId ?? [], .. (Process ?? []).Select(process => process.Id)];
        leases.RemoveAll(lease => lease.OwnerProcessId is not { } owner || !owners.Contains(owner));
        foreach (int owner in owners.Where(owner => leases.TrueForAll(lease => lease.OwnerProcessId != owner)))
        {
            Report(PortErrors.NoLeaseOf(owner, IsAnySelected), owner);
        }

        return leases;
    }

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

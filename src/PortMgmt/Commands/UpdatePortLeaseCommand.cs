using System.Diagnostics;
using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Renews the time to live of leases from now on, hands them to another owner, or both.</summary>
[Cmdlet(VerbsData.Update, "PortLease", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = BySelection, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortLease))]
public sealed class UpdatePortLeaseCommand : LeaseChangeCmdlet
{
    private const string NothingToChange = "Nothing is to be changed: give -TimeToLive, -ProcessId, -Process or -NoOwner.";

    /// <summary>The new time to live from now, as a TimeSpan, as <c>10m</c> or <c>90s</c>, or as a number of seconds.</summary>
    [Parameter]
    [Alias("Ttl")]
    [DurationTransformation]
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>The process that the leases end with from now on.</summary>
    [Parameter]
    [Alias("OwnerProcessId")]
    [ValidateRange(1, int.MaxValue)]
    public int ProcessId { get; set; }

    /// <summary>The same as an object, such as Get-Process and Start-Process -PassThru give.</summary>
    [Parameter(ParameterSetName = ByObject)]
    [Parameter(ParameterSetName = BySelection, ValueFromPipeline = true)]
    [Accepts(typeof(Process), Changes = true)]
    public Process? Process { get; set; }

    /// <summary>Ties the leases to no process any more: they end by their time to live or by removal.</summary>
    [Parameter]
    public SwitchParameter NoOwner { get; set; }

    /// <summary>Whether to put out the leases as they are then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if ((NoOwner.IsPresent ? 1 : 0) + (ProcessId > 0 ? 1 : 0) + (Process is null ? 0 : 1) > 1)
        {
            Refuse("-NoOwner, -ProcessId and -Process contradict each other: give one of them.");
        }

        if (!NoOwner.IsPresent && ProcessId == 0 && Process is null && TimeToLive is null && !MyInvocation.ExpectingInput)
        {
            Refuse(NothingToChange);
        }
    }

    /// <inheritdoc/>
    protected override void PrepareInput()
    {
        DropNameOf(Process is not null);
        if (Owner is null && TimeToLive is null)
        {
            Refuse(NothingToChange);
        }
    }

    /// <inheritdoc/>
    protected override void Change(PortLease lease)
    {
        if (!ShouldProcess(lease.ToString(), DescribeChange()))
        {
            return;
        }

        PortLease changed = OpenRegistry().Renew(lease, TimeToLive, Owner, StopToken);
        foreach (string warning in changed.Warnings)
        {
            WriteWarning(warning);
        }

        WriteVerbose("Holds " + changed + " " + PortText.DescribeEnd(changed) + ".");
        if (PassThru.IsPresent)
        {
            WriteObject(changed);
        }
    }

    private PortLeaseOwner? Owner => NoOwner.IsPresent ? PortLeaseOwner.None
        : Process is not null ? PortLeaseOwner.Process(Process.Id)
        : ProcessId > 0 ? PortLeaseOwner.Process(ProcessId)
        : null;

    private string DescribeChange()
    {
        string owner = NoOwner.IsPresent ? "Take from its owner" : Owner?.ProcessId is int id ? "Hand to process " + PortText.Number(id) : "";
        string time = TimeToLive is TimeSpan length ? "Renew for " + length : "";
        return owner.Length > 0 && time.Length > 0 ? owner + ", " + time : owner + time;
    }

    private void Refuse(string reason)
    {
        var failure = new PortRegistryException(PortRegistryErrorCode.InvalidRequest, reason);
        ThrowTerminatingError(PortErrors.ToErrorRecord(failure, null));
    }
}

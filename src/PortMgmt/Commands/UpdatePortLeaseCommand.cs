using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Renews the time to live of leases from now on, hands them to another owner, or both.</summary>
[Cmdlet(VerbsData.Update, "PortLease", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = BySelection)]
[OutputType(typeof(PortLease))]
public sealed class UpdatePortLeaseCommand : LeaseChangeCmdlet
{
    /// <summary>The new time to live from now, as a TimeSpan, as <c>10m</c> or <c>90s</c>, or as a number of seconds.</summary>
    [Parameter]
    [Alias("Ttl")]
    [DurationTransformation]
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>The process that the leases end with from now on.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ProcessId { get; set; }

    /// <summary>Ties the leases to no process any more: they end by their time to live or by removal.</summary>
    [Parameter]
    public SwitchParameter NoOwner { get; set; }

    /// <summary>Whether to put out the leases as they are then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (NoOwner.IsPresent && ProcessId > 0)
        {
            Refuse("-NoOwner and -ProcessId contradict each other: give one of them.");
        }

        if (!NoOwner.IsPresent && ProcessId == 0 && TimeToLive is null)
        {
            Refuse("Nothing is to be changed: give -TimeToLive, -ProcessId or -NoOwner.");
        }
    }

    /// <inheritdoc/>
    protected override void Change(PortLease lease)
    {
        if (!ShouldProcess(PortText.Describe(lease), DescribeChange()))
        {
            return;
        }

        PortLeaseOwner? owner = NoOwner.IsPresent ? PortLeaseOwner.None : ProcessId > 0 ? PortLeaseOwner.Process(ProcessId) : null;
        PortLease changed = OpenRegistry().Renew(lease, TimeToLive, owner, StopToken);
        foreach (string warning in changed.Warnings)
        {
            WriteWarning(warning);
        }

        WriteVerbose("Holds " + PortText.Describe(changed) + " " + PortText.DescribeEnd(changed) + ".");
        if (PassThru.IsPresent)
        {
            WriteObject(changed);
        }
    }

    private string DescribeChange()
    {
        string owner = NoOwner.IsPresent ? "Take from its owner" : ProcessId > 0 ? "Hand to process " + PortText.Number(ProcessId) : "";
        string time = TimeToLive is TimeSpan length ? "Renew for " + length : "";
        return owner.Length > 0 && time.Length > 0 ? owner + ", " + time : owner + time;
    }

    private void Refuse(string reason)
    {
        var failure = new PortRegistryException(PortRegistryErrorCode.InvalidRequest, reason);
        ThrowTerminatingError(PortErrors.ToErrorRecord(failure, null));
    }
}

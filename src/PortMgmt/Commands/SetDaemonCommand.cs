using System.Management.Automation;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Changes daemons, while their batches run too: a lower limit holds as soon as what runs has ended.</summary>
[Cmdlet(VerbsCommon.Set, "Daemon", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(Daemon))]
public sealed class SetDaemonCommand : DaemonSettingsCmdlet
{
    /// <summary>Names of daemons, compared without case; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DaemonNameCompleter))]
    public string[] Name { get; set; } = [Daemon.DefaultName];

    /// <summary>Puts the changed daemon out.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Daemon daemon in DaemonSelector.Select(Name, Report))
        {
            Guard(() => Change(daemon), daemon.Name);
        }
    }

    private void Change(Daemon daemon)
    {
        if (!ShouldProcess(daemon.Name, "Change daemon"))
        {
            return;
        }

        daemon.Scheduler.Configure(Given.ApplyTo(daemon.Scheduler.Settings));
        daemon.FailOn = FailOn ?? daemon.FailOn;
        if (PassThru.IsPresent)
        {
            WriteObject(daemon);
        }
    }
}

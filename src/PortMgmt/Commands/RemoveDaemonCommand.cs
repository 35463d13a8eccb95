using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Stops daemons and forgets them. The default one comes back, empty, when it is next needed.</summary>
[Cmdlet(VerbsCommon.Remove, "Daemon", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(void))]
public sealed class RemoveDaemonCommand : DaemonCmdlet
{
    /// <summary>Names of daemons, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Daemon")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DaemonNameCompleter))]
    public override string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessDaemon(Daemon daemon)
    {
        if (!ShouldProcess(daemon.Name, "Stop and forget daemon"))
        {
            return;
        }

        StopReport report = DaemonTable.Shared.Remove(daemon);
        if (!report.IsClean)
        {
            WriteWarning(
                "Daemon '" + daemon.Name + "' was removed, but " + report.Stuck.Count + " of its operations do not stop: "
                + string.Join(", ", daemon.StuckRunspaces) + ". They end with this process.");
        }
    }
}

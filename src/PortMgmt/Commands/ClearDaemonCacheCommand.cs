using System.Management.Automation;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Drops the results that daemons keep.</summary>
[Cmdlet(VerbsCommon.Clear, "DaemonCache", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(void))]
public sealed class ClearDaemonCacheCommand : DaemonCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessDaemon(Daemon daemon)
    {
        if (ShouldProcess(daemon.Name, "Drop cached results"))
        {
            daemon.Scheduler.ClearCache();
        }
    }
}

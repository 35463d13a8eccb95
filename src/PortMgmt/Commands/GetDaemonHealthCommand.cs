using System.Management.Automation;
using PortMgmt.Metrics;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Execution;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Shows how daemons are at this moment: what runs, what waits, what the cache does.</summary>
[Cmdlet(VerbsCommon.Get, "DaemonHealth", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(OperationHealth))]
public sealed class GetDaemonHealthCommand : DaemonReportCmdlet
{
    /// <inheritdoc/>
    protected override object MakeReport(Daemon daemon)
    {
        var health = new PSObject(daemon.Scheduler.GetHealth());
        health.Properties.Add(new PSNoteProperty("Stuck", TextList<string>.Sentences([.. daemon.Stuck.Descriptions])));
        return health;
    }
}

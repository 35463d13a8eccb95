using System.Management.Automation;
using PortMgmt.Metrics;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Infrastructure;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Shows the figures of daemons since they were made: counts, success rate, latencies, throughput.</summary>
[Cmdlet(VerbsCommon.Get, "DaemonMetrics")]
[OutputType(typeof(OperationMetrics))]
public sealed class GetDaemonMetricsCommand : DaemonReportCmdlet
{
    /// <inheritdoc/>
    protected override object MakeReport(Daemon daemon) => daemon.Scheduler.GetMetrics();
}

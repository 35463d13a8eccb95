using System.Management.Automation;
using PortMgmt.Metrics;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Execution;
using PortMgmt.Reports;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Shows the figures of daemons since they were made: counts, success rate, latencies, throughput. With -Watch, as a live panel.</summary>
[Cmdlet(VerbsCommon.Get, "DaemonMetrics", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(OperationMetrics))]
public sealed class GetDaemonMetricsCommand : DaemonReportCmdlet
{
    private readonly Dictionary<Daemon, LivePanel> _panels = [];

    /// <inheritdoc/>
    protected override object MakeReport(Daemon daemon) => daemon.Scheduler.GetMetrics();

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Draw(Daemon daemon, PanelStyle style)
    {
        if (!_panels.TryGetValue(daemon, out LivePanel? panel))
        {
            _panels.Add(daemon, panel = new LivePanel());
        }

        PanelSnapshot figures = FiguresOf(daemon);
        panel.Sample(figures);
        return panel.Draw(figures, style);
    }

    // What was accepted is all that is known to come, so the time left is that of the queue.
    private static PanelSnapshot FiguresOf(Daemon daemon)
    {
        OperationMetrics metrics = daemon.Scheduler.GetMetrics();
        OperationHealth health = daemon.Scheduler.GetHealth();
        return new PanelSnapshot
        {
            Title = daemon.Name,
            Elapsed = metrics.ActiveTime,
            Accepted = metrics.TotalOperations,
            Ended = health.TotalProcessed,
            Failed = metrics.Failed + metrics.TimedOut,
            Running = health.ActiveOperations,
            Limit = daemon.MaxConcurrent,
            Service = metrics.Latency.Service,
            IsInputComplete = true,
        };
    }
}

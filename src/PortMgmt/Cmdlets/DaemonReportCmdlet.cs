using System.Management.Automation;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Terminal;
using PortMgmt.Reports;

namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>Shows a report on daemons, once or again and again in the same place.</summary>
public abstract class DaemonReportCmdlet : DaemonCmdlet
{
    private readonly List<Daemon> _watched = [];

    /// <summary>Shows the report again and again, until Ctrl-C: in place on a terminal, else one after the other.</summary>
    [Parameter]
    public SwitchParameter Watch { get; set; }

    /// <summary>With -Watch: how long to wait in between, in seconds, 0.1 to 3600; 1 if left out.</summary>
    [Parameter]
    [DurationNumber]
    [ValidateRange(0.1, 3600.0)]
    public double IntervalSeconds { get; set; } = 1;

    /// <summary>With -Watch: how many times to show it, 1 to 1000000000; no end if left out.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000_000)]
    public int Count { get; set; } = int.MaxValue;

    /// <summary>With -Watch: ends when no operation of these daemons runs or waits any more.</summary>
    [Parameter]
    public SwitchParameter UntilIdle { get; set; }

    /// <inheritdoc/>
    protected sealed override void ProcessDaemon(Daemon daemon)
    {
        if (Watch.IsPresent)
        {
            _watched.Add(daemon);
        }
        else
        {
            WriteObject(Named(daemon));
        }
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(ShowUntilStopped);

    /// <summary>Makes the report.</summary>
    /// <param name="daemon">On which daemon.</param>
    protected abstract object MakeReport(Daemon daemon);

    /// <summary>Draws the report for a terminal.</summary>
    /// <param name="daemon">On which daemon.</param>
    /// <param name="style">What the terminal can show.</param>
    /// <returns>The lines; null to show the report as PowerShell shows objects.</returns>
    internal virtual IReadOnlyList<string>? Draw(Daemon daemon, PanelStyle style) => null;

    private void ShowUntilStopped()
    {
        var place = new HostLiveRegion(Host, InvokeCommand);
        for (int shown = 0; shown < Count && _watched.Count > 0 && !StopToken.IsCancellationRequested; shown++)
        {
            // What is idle before a look has been shown as such by it.
            bool isIdle = UntilIdle.IsPresent && _watched.TrueForAll(IsIdle);
            Show(place);
            if (isIdle)
            {
                return;
            }

            if (shown < Count - 1)
            {
                StopToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(IntervalSeconds));
            }
        }
    }

    private void Show(HostLiveRegion place)
    {
        // What comes next in the pipeline waits for objects.
        if (MyInvocation.PipelinePosition < MyInvocation.PipelineLength || place.Style is not PanelStyle style)
        {
            WriteObject(_watched.Select(Named), enumerateCollection: true);
            return;
        }

        var lines = new List<string>();
        foreach (Daemon daemon in _watched)
        {
            lines.AddRange(Draw(daemon, style) ?? place.Format(Named(daemon)));
        }

        place.Show(lines);
    }

    private static bool IsIdle(Daemon daemon) => daemon.Scheduler.GetHealth() is { ActiveOperations: 0, QueuedOperations: 0 };

    private PSObject Named(Daemon daemon)
    {
        var report = new PSObject(MakeReport(daemon));
        report.Properties.Add(new PSNoteProperty("Daemon", daemon.Name));
        return report;
    }
}

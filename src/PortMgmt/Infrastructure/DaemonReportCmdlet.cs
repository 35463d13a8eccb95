using System.Management.Automation;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Infrastructure;

/// <summary>Shows a report on daemons, once or again and again in the same place.</summary>
public abstract class DaemonReportCmdlet : DaemonCmdlet
{
    private readonly List<Daemon> _watched = [];

    /// <summary>Shows the report again and again, until Ctrl-C: in place on a terminal, else one after the other.</summary>
    [Parameter]
    public SwitchParameter Watch { get; set; }

    /// <summary>With -Watch: how long to wait in between, in seconds, 0.1 to 3600; 1 if left out.</summary>
    [Parameter]
    [ValidateRange(0.1, 3600.0)]
    public double IntervalSeconds { get; set; } = 1;

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

    private void ShowUntilStopped()
    {
        var place = new RefreshedPlace(Host, InvokeCommand);
        while (_watched.Count > 0 && !StopToken.IsCancellationRequested)
        {
            PSObject[] reports = [.. _watched.Select(Named)];
            if (!place.TryShow(reports))
            {
                WriteObject(reports, enumerateCollection: true);
            }
            StopToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(IntervalSeconds));
        }
    }

    private PSObject Named(Daemon daemon)
    {
        var report = new PSObject(MakeReport(daemon));
        report.Properties.Add(new PSNoteProperty("Daemon", daemon.Name));
        return report;
    }
}

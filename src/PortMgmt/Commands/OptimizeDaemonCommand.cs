using System.Management.Automation;
using PortMgmt.Advice;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Finds the settings with which daemons reach a target, from their figures or from a sample that is run for it.</summary>
[Cmdlet(VerbsCommon.Optimize, "Daemon", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = FromFigures, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(DaemonTuning))]
public sealed class OptimizeDaemonCommand : DaemonCmdlet
{
    private const string FromFigures = "Figures";
    private const string FromSample = "Sample";
    private const string RunSample = "$args[0] | Start-OperationBatch -ScriptBlock $args[1] -Daemon $args[2]";

    /// <summary>The total latency that 99 percent should not exceed: a TimeSpan, or as <c>100ms</c>, always with its unit.</summary>
    [Parameter]
    [DurationTransformation(UnitRequired = true)]
    public TimeSpan? TargetP99 { get; set; }

    /// <summary>Operations a second.</summary>
    [Parameter]
    public double? TargetThroughput { get; set; }

    /// <summary>What the daemon's operations do; it is run for each input of the sample.</summary>
    [Parameter(ParameterSetName = FromSample, Mandatory = true)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Inputs that are like those to come.</summary>
    [Parameter(ParameterSetName = FromSample, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public object[] Sample { get; set; } = [];

    /// <summary>Gives the daemon the settings that were found, where they reach the target.</summary>
    [Parameter]
    public SwitchParameter Apply { get; set; }

    /// <inheritdoc/>
    protected override void ProcessDaemon(Daemon daemon)
    {
        OperationSnapshot figures = ParameterSetName == FromSample ? Measure(daemon) : daemon.GetFigures();
        OperationTuning tuning = OperationTuner.Tune(figures, new OperationTarget { P99 = TargetP99, Throughput = TargetThroughput });
        bool isApplied = Apply.IsPresent && tuning.IsReachable && ShouldProcess(daemon.Name, "Change daemon: " + string.Join(' ', tuning.Reasons));
        if (isApplied)
        {
            daemon.Scheduler.Configure(tuning.Settings);
        }
        else if (Apply.IsPresent && !tuning.IsReachable)
        {
            WriteWarning("Daemon '" + daemon.Name + "' stays as it is: no setting reaches the target.");
        }

        WriteObject(new DaemonTuning(daemon.Name, tuning, isApplied));
    }

    // On a daemon of its own, so that the sample does not get into the figures of the one that is asked about.
    private OperationSnapshot Measure(Daemon daemon)
    {
        Daemon trial = DaemonTable.Shared.Add(new OperationSchedulerOptions
        {
            Name = daemon.Name + " trial " + Guid.NewGuid().ToString("N"),
            Settings = daemon.Scheduler.Settings,
        });
        try
        {
            InvokeCommand.InvokeScript(useLocalScope: true, System.Management.Automation.ScriptBlock.Create(RunSample), null, Sample, ScriptBlock, trial.Name);
            return trial.GetFigures();
        }
        finally
        {
            DaemonTable.Shared.Remove(trial);
        }
    }
}

using System.Management.Automation;
using PortMgmt.Advice;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Looks for what should be changed about daemons: each finding has its evidence, what to do, and the parameter to change.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Daemon", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(OperationFinding))]
public sealed class TestDaemonCommand : DaemonCmdlet
{
    /// <summary>The total latency that 99 percent should not exceed: a TimeSpan, or as <c>100ms</c>, always with its unit; no such limit if left out.</summary>
    [Parameter]
    [DurationTransformation(UnitRequired = true)]
    public TimeSpan? AlertP99 { get; set; }

    /// <inheritdoc/>
    protected override void ProcessDaemon(Daemon daemon)
    {
        IReadOnlyList<OperationFinding> findings = OperationAdvisor.Examine(daemon.GetFigures(), new AdviceLimits { P99 = AlertP99 });
        foreach (OperationFinding finding in findings)
        {
            var shown = new PSObject(finding);
            shown.Properties.Add(new PSNoteProperty("Daemon", daemon.Name));
            WriteObject(shown);
        }

        if (findings.Count == 0)
        {
            WriteVerbose("Nothing speaks against daemon '" + daemon.Name + "'.");
        }
    }
}

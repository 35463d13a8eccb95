using System.Globalization;
using System.Management.Automation;
using PortMgmt.Operations;
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
    [Alias("Daemon")]
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
        OperationSettings settings = Given.ApplyTo(daemon.Scheduler.Settings);
        if (!ShouldProcess(daemon.Name, "Change daemon: " + Describe(daemon, settings)))
        {
            return;
        }

        daemon.Scheduler.Configure(settings);
        daemon.FailOn = FailOn ?? daemon.FailOn;
        if (PassThru.IsPresent)
        {
            WriteObject(daemon);
        }
    }

    private string Describe(Daemon daemon, OperationSettings after)
    {
        OperationSettings before = daemon.Scheduler.Settings;
        (string Name, object? Before, object? After)[] all =
        [
            (nameof(MaxConcurrent), before.MaxConcurrent, after.MaxConcurrent),
            (nameof(BatchSize), before.BatchSize, after.BatchSize),
            (nameof(BatchFlushMs), before.BatchFlush.TotalMilliseconds, after.BatchFlush.TotalMilliseconds),
            (nameof(CacheSize), before.CacheSize, after.CacheSize),
            (nameof(FailOn), daemon.FailOn, FailOn ?? daemon.FailOn),
        ];
        string[] changes = [.. all.Where(static one => !Equals(one.Before, one.After)).Select(static one =>
            string.Create(CultureInfo.InvariantCulture, $"{one.Name} {one.Before ?? "by itself"} -> {one.After}"))];
        return changes.Length == 0 ? "nothing changes" : string.Join("; ", changes);
    }
}

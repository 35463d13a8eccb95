using System.Management.Automation;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Lists the daemons of this process.</summary>
[Cmdlet(VerbsCommon.Get, "Daemon", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(Daemon))]
public sealed class GetDaemonCommand : DaemonCmdlet
{
    /// <summary>Names of daemons, with wildcards; all if left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Daemon")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DaemonNameCompleter))]
    public override string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessDaemon(Daemon daemon) => WriteObject(daemon);
}

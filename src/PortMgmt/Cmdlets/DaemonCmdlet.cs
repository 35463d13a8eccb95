using System.Management.Automation;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>Works on daemons by name. One that was named exactly and is not there is an error of its own.</summary>
public abstract class DaemonCmdlet : OperationCmdlet
{
    /// <summary>Names of daemons, compared without case; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Daemon")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DaemonNameCompleter))]
    public virtual string[] Name { get; set; } = [Daemon.DefaultName];

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        foreach (Daemon daemon in DaemonSelector.Select(FindNames(), Report))
        {
            Guard(() => ProcessDaemon(daemon), daemon.Name);
        }
    }

    /// <summary>The names of the present input.</summary>
    protected virtual string[] FindNames() => Name;

    /// <summary>Does the work for one daemon.</summary>
    /// <param name="daemon">The daemon.</param>
    protected abstract void ProcessDaemon(Daemon daemon);
}

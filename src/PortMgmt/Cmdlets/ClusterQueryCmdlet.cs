using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Daemons;

namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>Asks the nodes of a daemon's cluster, who answer for a while.</summary>
public abstract class ClusterQueryCmdlet : OperationCmdlet
{
    /// <summary>A daemon that was made with a broker; the only one of that kind if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DaemonNameCompleter))]
    public string? Daemon { get; set; }

    /// <summary>How long to wait for answers of nodes, in seconds; 1 if left out.</summary>
    [Parameter]
    [Alias("Timeout")]
    [DurationNumber]
    [ValidateRange(0.05, 600)]
    public double TimeoutSeconds { get; set; } = 1;

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(Query);

    /// <summary>Writes what the answers say.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="nodes">The nodes that answered in time.</param>
    private protected abstract void Write(ClusterOptions cluster, IReadOnlyList<ClusterNode> nodes);

    private void Query()
    {
        ClusterOptions cluster = DaemonTable.Shared.GetClustered(Daemon).Cluster!;
        Write(cluster, DaemonTable.Shared.Transport.GetNodesAsync(cluster, TimeSpan.FromSeconds(TimeoutSeconds), StopToken).GetAwaiter().GetResult());
    }
}

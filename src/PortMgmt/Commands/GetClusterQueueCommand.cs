using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Daemons;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Asks the broker of a cluster what waits for workers, by type, and how old it is.</summary>
[Cmdlet(VerbsCommon.Get, "ClusterQueue", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(ClusterQueue))]
public sealed class GetClusterQueueCommand : OperationCmdlet
{
    /// <summary>Which types; those that nodes serve now if left out, since a broker does not tell which queues it has.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Type { get; set; } = [];

    /// <summary>A daemon that was made with a broker; the only one of that kind if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DaemonNameCompleter))]
    public string? Daemon { get; set; }

    /// <summary>How long to wait for answers of nodes, from which types and ages follow, in seconds; 1 if left out.</summary>
    [Parameter]
    [Alias("Timeout")]
    [DurationNumber]
    [ValidateRange(0.05, 600)]
    public double TimeoutSeconds { get; set; } = 1;

    /// <inheritdoc/>
    protected override void EndProcessing() => Guard(Query);

    private void Query()
    {
        ClusterOptions cluster = DaemonTable.Shared.GetClustered(Daemon).Cluster!;
        IReadOnlyList<ClusterNode> nodes = DaemonTable.Shared.Transport
            .GetNodesAsync(cluster, TimeSpan.FromSeconds(TimeoutSeconds), StopToken).GetAwaiter().GetResult();
        string[] types = Type.Length > 0 ? Type : [.. nodes.SelectMany(node => node.Types).Distinct().Order(StringComparer.Ordinal)];
        DateTimeOffset now = cluster.TimeProvider.GetUtcNow();
        foreach (ClusterQueue queue in DaemonTable.Shared.Transport.GetQueuesAsync(cluster, types, StopToken).GetAwaiter().GetResult())
        {
            if (queue.Partitions == 0)
            {
                Report(NotFound(queue.Type), queue.Type);
            }
            else
            {
                WriteObject(queue.WithAge(nodes, now));
            }
        }
    }

    private static OperationException NotFound(string type) => new(
        OperationErrorCode.TypeNotFound, $"There is no queue of type '{type}': no worker of the cluster ever served it, or somebody deleted the queue. Start a worker, or check the name.");
}

using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Daemons;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Asks the broker of a cluster what waits for workers, by type, and how old it is.</summary>
[Cmdlet(VerbsCommon.Get, "ClusterQueue", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(ClusterQueue))]
public sealed class GetClusterQueueCommand : ClusterQueryCmdlet
{
    /// <summary>Which types; those that nodes serve now if left out, since a broker does not tell which queues it has.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Type { get; set; } = [];

    private protected override void Write(ClusterOptions cluster, IReadOnlyList<ClusterNode> nodes)
    {
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

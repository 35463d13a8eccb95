using System.Globalization;
using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Asks the nodes of a cluster which operations they run, how much they have to do and how they are. Only workers answer.</summary>
[Cmdlet(VerbsCommon.Get, "ClusterNode", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(ClusterNode))]
public sealed class GetClusterNodeCommand : OperationCmdlet
{
    /// <summary>Names of nodes, with wildcards; all if left out.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] NodeId { get; set; } = ["*"];

    /// <summary>Only nodes that serve this type.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Type { get; set; }

    /// <summary>A daemon that was made with a broker; the only one of that kind if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DaemonNameCompleter))]
    public string? Daemon { get; set; }

    /// <summary>How long to wait for answers, in seconds; 1 if left out.</summary>
    [Parameter]
    [Alias("Timeout")]
    [DurationNumber]
    [ValidateRange(0.05, 600)]
    public double TimeoutSeconds { get; set; } = 1;

    /// <inheritdoc/>
    protected override void EndProcessing() => Guard(Query);

    private void Query()
    {
        Daemon daemon = DaemonTable.Shared.GetClustered(Daemon);
        IReadOnlyList<ClusterNode> nodes = DaemonTable.Shared.Transport
            .GetNodesAsync(daemon.Cluster!, TimeSpan.FromSeconds(TimeoutSeconds), StopToken).GetAwaiter().GetResult();
        ClusterNode[] serving = [.. nodes.Where(node => Type is null || node.Types.Contains(Type))];
        WildcardPattern[] patterns = Array.ConvertAll(NodeId, name => new WildcardPattern(name, WildcardOptions.IgnoreCase));
        WriteObject(serving.Where(node => Array.Exists(patterns, pattern => pattern.IsMatch(node.NodeId))), enumerateCollection: true);
        for (int i = 0; i < NodeId.Length; i++)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(NodeId[i]) && !Array.Exists(serving, node => patterns[i].IsMatch(node.NodeId)))
            {
                Report(NotFound(NodeId[i]), NodeId[i]);
            }
        }
    }

    private OperationException NotFound(string name) => new(
        OperationErrorCode.NodeNotFound,
        string.Create(CultureInfo.InvariantCulture, $"No node '{name}'{(Type is null ? "" : $" that serves '{Type}'")} answered within {TimeoutSeconds} s: only nodes with workers answer, and one with a lot to do may need a longer -TimeoutSeconds."));
}

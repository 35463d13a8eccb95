using System.Globalization;
using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Cmdlets;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Asks the nodes of a cluster which operations they run, how much they have to do and how they are. Only workers answer.</summary>
[Cmdlet(VerbsCommon.Get, "ClusterNode", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(ClusterNode))]
public sealed class GetClusterNodeCommand : ClusterQueryCmdlet
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

    private protected override void Write(ClusterOptions cluster, IReadOnlyList<ClusterNode> nodes)
    {
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

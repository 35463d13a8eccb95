using System.Management.Automation;

namespace PortMgmt.PowerShell.Execution;

/// <summary>What the workers of one batch share: the script block, and what of the caller's session goes with it.</summary>
internal sealed class ScriptPlan
{
    /// <summary>
    /// Made anew from its syntax tree, so that it belongs to no runspace: calling the caller's own from another would go back to the
    /// caller's thread. File and lines stay, and one compilation serves all workers.
    /// </summary>
    public required ScriptBlock ScriptBlock { get; init; }

    /// <summary>Calls the script block for one operation after the other.</summary>
    public required ScriptBlock Loop { get; init; }

    /// <summary>The script block is called without the loop.</summary>
    public bool CallsDirectly { get; init; }

    /// <summary>The values of <c>$using:</c>, under the engine's keys.</summary>
    public required Dictionary<string, object?> UsingValues { get; init; }

    /// <summary>The caller's variables that each worker gets, by name.</summary>
    public required IReadOnlyDictionary<string, object?> Variables { get; init; }

    /// <summary>Where each operation starts.</summary>
    public required string Location { get; init; }

    public required RunspaceSetup Setup { get; init; }

    public required WarmRunspaces Runspaces { get; init; }

    public required Quarantine Quarantine { get; init; }

    /// <summary>One call for a whole hand-off.</summary>
    public bool AsBatch { get; init; }

    /// <summary>Results are kept by id.</summary>
    public bool IsCached { get; init; }

    /// <summary>A new runspace for every operation.</summary>
    public bool IsolatesRunspaces { get; init; }

    /// <summary>Leases a port for each operation; null for none.</summary>
    public OperationPorts? Ports { get; init; }

    /// <summary>Makes of an output what the result has instead, in the worker's runspace; null to leave it as it is.</summary>
    public Func<object?, object?>? Encode { get; init; }

    /// <summary>The workers that have not left yet.</summary>
    public WorkerCount Workers { get; } = new();
}

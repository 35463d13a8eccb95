using System.Collections.Concurrent;
using PortMgmt.PowerShell.Affinity;
using PortMgmt.PowerShell.Batches;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Runspaces;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>What the workers of one batch share: the script block, and what of the caller's session goes with it.</summary>
internal sealed class ScriptPlan
{
    public required ScriptCall Call { get; init; }

    /// <summary>The values of <c>$using:</c>, under the engine's keys.</summary>
    public required Dictionary<string, object?> UsingValues { get; init; }

    /// <summary>The caller's variables that each worker gets, by name.</summary>
    public required IReadOnlyDictionary<string, object?> Variables { get; init; }

    /// <summary>Where each operation starts.</summary>
    public required string Location { get; init; }

    /// <summary>What of all that belongs to the caller's session.</summary>
    public required BoundValues Values { get; init; }

    /// <summary>Classes with methods of which operations have put out instances; false until the caller has been told.</summary>
    public ConcurrentDictionary<string, bool> OutputClasses { get; } = new(StringComparer.Ordinal);

    public required RunspaceSetup Setup { get; init; }

    public required WarmRunspaces Runspaces { get; init; }

    public required StuckRunspaces StuckRunspaces { get; init; }

    /// <summary>Which errors make an operation fail.</summary>
    public FailureLevel FailOn { get; init; } = FailureLevel.Statement;

    /// <summary>An exit code other than 0 makes an operation fail.</summary>
    public bool FailsOnExitCode { get; init; }

    /// <summary>Programs that an operation started are ended when its time is up.</summary>
    public bool EndsPrograms { get; init; }

    /// <summary>One call for a whole hand-off.</summary>
    public bool AsBatch { get; init; }

    /// <summary>Results are kept by id.</summary>
    public bool IsCached { get; init; }

    /// <summary>A new runspace for every operation.</summary>
    public bool IsolatesRunspaces { get; init; }

    /// <summary>Leases a port for each operation; null for none.</summary>
    public OperationPorts? Ports { get; init; }

    /// <summary>What operations write that does not wait for their end; null where nobody takes it.</summary>
    public LiveStreams? Live { get; init; }

    /// <summary>The order of what an operation writes to different streams is kept.</summary>
    public bool KeepsOrder { get; init; }

    /// <summary>Makes of an output what the result has instead, in the worker's runspace; null to leave it as it is.</summary>
    public Func<object?, object?>? Encode { get; init; }

    /// <summary>Its operations cannot change the runspace, nor does what they are given.</summary>
    public bool LeavesNothing => Call.LeavesNothing && Variables.Count == 0 && Ports is null && !Values.IsUsed;

    /// <summary>The workers that have not left yet.</summary>
    public WorkerCount Workers { get; } = new();
}

using System.Management.Automation;
using PortMgmt.Advice;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Runspaces;
using PortMgmt.PowerShell.Scripts;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Execution;

/// <summary>A named scheduler of this process: its limit, its cache and its figures outlive the batches that run on it. Thread-safe.</summary>
public sealed class Daemon
{
    /// <summary>The name of the daemon that is always there.</summary>
    public const string DefaultName = "Default";

    /// <summary>How long a stop waits for operations; with the closing of runspaces it stays within two seconds.</summary>
    internal static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1.5);

    internal Daemon(OperationSchedulerOptions options, WarmRunspaces runspaces, ClusterOptions? cluster = null)
    {
        OperationSchedulerOptions complete = options with { StopGrace = StopGrace };
        Scheduler = new OperationScheduler<PSObject?, ScriptOutcome>(complete);
        Stuck = new StuckRunspaces(complete.TimeProvider, StopGrace);
        Runspaces = runspaces;
        NodeId = complete.NodeId;
        ClusterId = complete.ClusterId;
        Cluster = cluster;
    }

    /// <summary>The name, unique in the process without regard to case.</summary>
    public string Name => Scheduler.Name;

    /// <summary>How many operations may run at once now: as set, or the default with what it has grown by.</summary>
    public int MaxConcurrent => Scheduler.ConcurrencyLimit;

    /// <summary>How many operations a hand-off has at most.</summary>
    public int BatchSize => Scheduler.Settings.BatchSize;

    /// <summary>How long an operation waits for a hand-off to fill.</summary>
    public TimeSpan BatchFlush => Scheduler.Settings.BatchFlush;

    /// <summary>How many results the cache keeps; 0 for none.</summary>
    public int CacheSize => Scheduler.Settings.CacheSize;

    /// <summary>Which errors make an operation fail where its batch, or worker, does not say.</summary>
    public FailureLevel FailOn { get; internal set; } = FailureLevel.Statement;

    /// <summary>Operations that run now.</summary>
    public int ActiveOperations => Scheduler.GetHealth().ActiveOperations;

    /// <summary>Operations that ended since the daemon was made.</summary>
    public long TotalProcessed => Scheduler.GetHealth().TotalProcessed;

    /// <summary>The node's id in reports.</summary>
    public string NodeId { get; }

    /// <summary>The id of the cluster that the node belongs to; null for none.</summary>
    public string? ClusterId { get; }

    /// <summary>Names of runspaces whose operation was told to stop and does not.</summary>
    public IReadOnlyList<string> StuckRunspaces => TextList<string>.Words(Stuck.Names);

    /// <summary>The broker of its cluster, without credentials; null for a daemon of this process alone.</summary>
    public string? Broker => Cluster?.Broker.ToString();

    /// <summary>How its cluster is reached; null for none.</summary>
    internal ClusterOptions? Cluster { get; }

    internal OperationScheduler<PSObject?, ScriptOutcome> Scheduler { get; }

    internal StuckRunspaces Stuck { get; }

    internal WarmRunspaces Runspaces { get; }

    /// <summary>It exists without being made and belongs to nobody: each batch on it has a limit and a cache of its own.</summary>
    internal bool IsDefault => Name.Equals(DefaultName, StringComparison.OrdinalIgnoreCase);

    /// <summary>What advice goes by.</summary>
    internal OperationSnapshot GetFigures() => new(Scheduler.GetMetrics(), Scheduler.GetHealth(), Scheduler.Settings, Scheduler.ConcurrencyLimit);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

using PortMgmt.Advice;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Execution;

/// <summary>Settings of a daemon for a target, with reasons. Does not change.</summary>
public sealed class DaemonTuning
{
    internal DaemonTuning(string daemon, OperationTuning tuning, bool isApplied)
    {
        Daemon = daemon;
        MaxConcurrent = tuning.Settings.MaxConcurrent;
        BatchSize = tuning.Settings.BatchSize;
        BatchFlush = tuning.Settings.BatchFlush;
        CacheSize = tuning.Settings.CacheSize;
        Reasons = TextList<string>.Sentences(tuning.Reasons);
        IsReachable = tuning.IsReachable;
        IsApplied = isApplied;
    }

    /// <summary>The daemon's name.</summary>
    public string Daemon { get; }

    /// <summary>How many operations should run at once; null to leave it to the default.</summary>
    public int? MaxConcurrent { get; }

    /// <summary>How many operations a hand-off should have at most.</summary>
    public int BatchSize { get; }

    /// <summary>How long an operation should wait for a hand-off to fill.</summary>
    public TimeSpan BatchFlush { get; }

    /// <summary>How many results the cache should keep.</summary>
    public int CacheSize { get; }

    /// <summary>Why, one sentence for each change or obstacle.</summary>
    public IReadOnlyList<string> Reasons { get; }

    /// <summary>Whether the figures say that the target can be reached.</summary>
    public bool IsReachable { get; }

    /// <summary>Whether the daemon has these settings now.</summary>
    public bool IsApplied { get; }
}

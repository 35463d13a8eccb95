using PortMgmt.Leases;
using PortMgmt.Operations;

namespace PortMgmt.Cli.Batch;

/// <summary>What a batch is to do.</summary>
internal sealed record BatchSettings
{
    /// <summary>The command.</summary>
    public required CommandTemplate Template { get; init; }

    /// <summary>What the panel and the report call it.</summary>
    public required string Title { get; init; }

    /// <summary>How many children run at once.</summary>
    public required int Jobs { get; init; }

    /// <summary>Hand-offs and cache.</summary>
    public required OperationSettings Operations { get; init; }

    /// <summary>The field that holds an operation's id; null for none.</summary>
    public string? IdField { get; init; }

    /// <summary>How long one attempt may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many attempts may follow the first.</summary>
    public int Retries { get; init; }

    /// <summary>Whether results come in the order of the input.</summary>
    public bool KeepOrder { get; init; }

    /// <summary>Where ports are leased; null when none are.</summary>
    public PortRegistry? Registry { get; init; }

    /// <summary>Where the report goes; null for none.</summary>
    public string? ReportPath { get; init; }

    /// <summary>How it tells how it gets on.</summary>
    public ProgressMode Progress { get; init; }
}

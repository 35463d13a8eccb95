using System.Globalization;
using System.Text.Json.Serialization;

namespace PortMgmt.Cluster;

/// <summary>How one worker of a node is.</summary>
public sealed record ClusterWorkerState
{
    /// <summary>Which kind of operations it runs.</summary>
    public required string Type { get; init; }

    /// <summary>How many it runs at once at most.</summary>
    public required int MaxConcurrent { get; init; }

    /// <summary>How many run now.</summary>
    public int ActiveOperations { get; init; }

    /// <summary>How many it has ended since it started.</summary>
    public long Processed { get; init; }

    /// <summary>How many of these failed.</summary>
    public long Failed { get; init; }

    /// <summary>Whether it takes operations.</summary>
    public ClusterWorkerCondition Condition { get; init; }

    /// <summary>Why it takes none; null if it does.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// When the latest operation that it took was submitted, by its submitter's clock and to the second, for each partition of the type: what
    /// still waits there was submitted later. Null where it took nothing, and where it is of a version that does not say.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DateTimeOffset?>? TakenUpTo { get; init; }

    /// <summary>The type and how busy the worker is, for a cell of a table.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Type}: {Condition}, {ActiveOperations} of {MaxConcurrent}");
}

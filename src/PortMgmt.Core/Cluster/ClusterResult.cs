using PortMgmt.Operations;

namespace PortMgmt.Cluster;

/// <summary>How an operation ended on the node that ran it.</summary>
internal sealed record ClusterResult
{
    /// <summary>The operation's id in its batch.</summary>
    public required string OperationId { get; init; }

    /// <summary>How it ended.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>The node that ran it, or that gave it up.</summary>
    public required string NodeId { get; init; }

    /// <summary>What came of it, one JSON value in UTF-8; empty for nothing.</summary>
    public ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>Why it did not succeed; null if it did.</summary>
    public string? Error { get; init; }

    /// <summary>Which failure that is.</summary>
    public OperationErrorCode ErrorCode { get; init; } = OperationErrorCode.OperationFailed;

    /// <summary>The exit code, where a program ran; else null.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How often it was started on that node.</summary>
    public int Attempts { get; init; }

    /// <summary>The node had the result of the same operation already.</summary>
    public bool FromCache { get; init; }

    /// <summary>From its arrival at the node to its start.</summary>
    public TimeSpan QueueTime { get; init; }

    /// <summary>How long its last attempt took.</summary>
    public TimeSpan Duration { get; init; }
}

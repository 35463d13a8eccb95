namespace PortMgmt.Cluster;

/// <summary>A message that no node could deal with: it ended whoever took it, or it does not belong to this product.</summary>
internal sealed record FailedOperation
{
    /// <summary>The operation's id in its batch; null where the message has none.</summary>
    public string? OperationId { get; init; }

    /// <summary>The batch; null where the message has none.</summary>
    public string? BatchId { get; init; }

    /// <summary>The queue's type.</summary>
    public required string Type { get; init; }

    /// <summary>Why it was given up.</summary>
    public required string Error { get; init; }

    /// <summary>Which failure that is, as <see cref="Operations.OperationErrorCode"/> names it.</summary>
    public required string ErrorCode { get; init; }

    /// <summary>The node that gave it up; null where the broker did.</summary>
    public string? NodeId { get; init; }

    /// <summary>When, in UTC; null where nobody noted it.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>The body as it came, in UTF-8 where it is text.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>It is well formed, so that it can be run again.</summary>
    public bool CanReplay { get; init; }
}

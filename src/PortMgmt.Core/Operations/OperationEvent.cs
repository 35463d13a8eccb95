namespace PortMgmt.Operations;

/// <summary>Something that happened in a batch. Built only while somebody listens.</summary>
/// <param name="Name">What: one of <see cref="OperationEventNames"/>.</param>
/// <param name="Timestamp">When, in UTC.</param>
/// <param name="BatchId">In which batch; null for events of the whole scheduler.</param>
public sealed record OperationEvent(string Name, DateTimeOffset Timestamp, string? BatchId)
{
    /// <summary>The operation's id; null where it has none, or the event is not about one.</summary>
    public string? OperationId { get; init; }

    /// <summary>The operation's type; null for none.</summary>
    public string? Type { get; init; }

    /// <summary>The operation's place in the input; -1 where the event is not about one.</summary>
    public long Sequence { get; init; } = -1;

    /// <summary>How many operations the event is about.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Which attempt: 1 for the first, 0 where the operation did not run.</summary>
    public int Attempt { get; init; }

    /// <summary>How the operation ended; null before that.</summary>
    public OperationStatus? Status { get; init; }

    /// <summary>How long the attempt took; null before its end.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Why it did not succeed; null otherwise.</summary>
    public Exception? Error { get; init; }

    /// <summary>With <see cref="OperationEventNames.MetricsCollected"/>: the figures; else null.</summary>
    public Metrics.OperationMetrics? Metrics { get; init; }
}

namespace PortMgmt.Operations.History;

/// <summary>An operation worth a look: a slow one, or one that failed.</summary>
/// <remarks>Texts come from callers and executors and may hold anything: escape them where they are shown.</remarks>
public sealed record TopOperation
{
    /// <summary>The operation's id; null for none.</summary>
    public string? Id { get; init; }

    /// <summary>What it worked on, at most 200 characters; null where that is not known as text.</summary>
    public string? Label { get; init; }

    /// <summary>The operation's type; null for none.</summary>
    public string? Type { get; init; }

    /// <summary>The place in its batch's input, from 0.</summary>
    public long Sequence { get; init; }

    /// <summary>How it ended.</summary>
    public OperationStatus Status { get; init; }

    /// <summary>From acceptance to the first start.</summary>
    public TimeSpan QueueTime { get; init; }

    /// <summary>How long the last attempt took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How often it was started.</summary>
    public int Attempts { get; init; }

    /// <summary>When it ended, in UTC.</summary>
    public DateTimeOffset EndedAt { get; init; }

    /// <summary>Why it did not succeed, at most 500 characters; null if it did.</summary>
    public string? Error { get; init; }
}

namespace PortMgmt.RabbitMq.Workers;

/// <summary>
/// A part of a worker's room that takes from one partition at a time. It never holds more than its size, whatever it took elsewhere before:
/// a consumer gets only what is left. Guarded by the lock of <see cref="WorkTakers"/>.
/// </summary>
internal sealed class WorkTaker
{
    /// <summary>How many operations it holds at most.</summary>
    public required int Size { get; init; }

    /// <summary>From which partition it takes.</summary>
    public required int Partition { get; set; }

    /// <summary>Since which look.</summary>
    public long Since { get; set; }

    /// <summary>What it holds, from its consumer and from those before.</summary>
    public int Held { get; set; }

    /// <summary>Its consumer; null while it waits for room after a move.</summary>
    public TakerConsumer? Consumer { get; set; }

    /// <summary>Its consumer had room all the time since the last look: its partition has no more.</summary>
    public bool IsIdle => Consumer is { } consumer && consumer.Peak < consumer.Prefetch;

    /// <summary>It has less than it may, since it held something when it moved, and none of that is left.</summary>
    public bool IsShort => Consumer is { } consumer && consumer.Prefetch < Size && Held == consumer.Held && Held < Size;

    /// <summary>It may begin with a consumer: half of its size is free, so that what it gets is worth it.</summary>
    public bool CanOpen => Consumer is null && 2 * Held <= Size - 1;
}

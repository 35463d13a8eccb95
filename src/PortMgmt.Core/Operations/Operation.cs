using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations;

/// <summary>
/// One operation: an input and what is known about it. An object stands for one run and is enqueued once.
/// </summary>
/// <typeparam name="TInput">What the executor works on.</typeparam>
/// <param name="input">What the executor works on.</param>
/// <remarks>What the caller set does not change afterwards and may be read from any thread.</remarks>
public sealed class Operation<TInput>(TInput input)
{
    /// <summary>What the executor works on.</summary>
    public TInput Input { get; } = input;

    /// <summary>
    /// The caller's id for what is done, compared by ordinal; null for none. The same id, type and executor means the same result:
    /// it is what the cache and the coalescing go by. Operations without an id always run.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>A kind of operation, compared by ordinal: part of the cache's key, and what limits per type go by; null for none.</summary>
    public string? Type { get; init; }

    /// <summary>Which waiting operations go first.</summary>
    public OperationPriority Priority { get; init; } = OperationPriority.Normal;

    /// <summary>Anything that should travel with the operation to its result, at most <see cref="OperationMetadata.MaxBytes"/>; null for none.</summary>
    public IReadOnlyDictionary<string, object?>? Metadata { get; init; }

    /// <summary>The place in the batch's input, from 0; -1 until accepted.</summary>
    public long Sequence { get; internal set; } = -1;

    /// <summary>How often it was started so far: 1 during the first attempt.</summary>
    public int Attempts => Volatile.Read(ref State) >> OperationPhase.Bits;

    /// <summary>Attempts so far and phase in one word, so that one exchange decides who may end which attempt.</summary>
    internal int State;

    /// <summary>When it was accepted, as a timestamp of the batch's clock.</summary>
    internal long EnqueuedAt;

    /// <summary>When it could last be handed out: on acceptance, or when the wait before a retry ended.</summary>
    internal long ReadyAt;

    /// <summary>When the present or last attempt started.</summary>
    internal long StartedAt;

    /// <summary>From acceptance to the first start, in ticks of 100 ns.</summary>
    internal long QueueTicks;

    /// <summary>How long the last attempt took, in ticks of 100 ns.</summary>
    internal long ServiceTicks;

    /// <summary>What limits its type; null for no limit.</summary>
    internal TypeGate<TInput>? Gate;

    /// <summary>The operations of a chunk that is delivered as one piece, this one first; null for an operation of its own.</summary>
    internal Operation<TInput>[]? Group;

    /// <summary>The cache's entry that this operation leads or waits for; null when it is not cached.</summary>
    internal object? CacheEntry;
}

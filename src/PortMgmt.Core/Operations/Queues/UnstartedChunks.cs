using System.Diagnostics.CodeAnalysis;
using PortMgmt.Operations.Dispatching;

namespace PortMgmt.Operations.Queues;

/// <summary>
/// The chunks of which something waits behind another operation, the one whose next operation comes first in front. Not thread-safe:
/// guarded by the dispatcher's lock; lanes start what is in the chunks meanwhile.
/// </summary>
internal sealed class UnstartedChunks<TInput>(LockAssertion dispatcherLock)
{
    private readonly List<Chunk<TInput>> _chunks = [];

    /// <summary>The chunk whose next operation comes before those of all others, and that operation.</summary>
    public bool TryFindFirst([NotNullWhen(true)] out Chunk<TInput>? chunk, [NotNullWhen(true)] out Operation<TInput>? next)
    {
        dispatcherLock.AssertHeld();
        while (_chunks.Count > 0)
        {
            chunk = _chunks[0];
            next = chunk.PeekFirst();
            if (next is not null)
            {
                return true;
            }

            Forget(0);
        }

        chunk = null;
        next = null;
        return false;
    }

    /// <summary>A chunk was filled. Of a single operation nothing waits behind another.</summary>
    public void Add(Chunk<TInput> chunk)
    {
        dispatcherLock.AssertHeld();
        if (chunk.IsListed)
        {
            Forget(_chunks.IndexOf(chunk));
        }

        if (chunk.Count < 2 || chunk.PeekFirst() is not { } first)
        {
            return;
        }

        int place = _chunks.Count;
        while (place > 0 && ComesBefore(first, _chunks[place - 1].PeekFirst()))
        {
            place--;
        }

        _chunks.Insert(place, chunk);
        chunk.IsListed = true;
    }

    // One that has nothing left belongs in front, where it is forgotten.
    private static bool ComesBefore(Operation<TInput> operation, Operation<TInput>? other) =>
        other is not null && PriorityLevels<TInput>.ComesBefore(operation, other);

    private void Forget(int place)
    {
        _chunks[place].IsListed = false;
        _chunks.RemoveAt(place);
    }
}

using System.Diagnostics.CodeAnalysis;
using PortMgmt.Operations.Dispatching;

namespace PortMgmt.Operations.Queues;

/// <summary>
/// What of a batch waits for a lane: operations, chunks that run again as they were, and both while they wait for their next attempt.
/// Not thread-safe: guarded by the dispatcher's lock.
/// </summary>
/// <param name="typeLimits">How many operations of a type may be handed out at once; null for no limits.</param>
/// <param name="deliverAsChunk">A lane gets its chunk as one piece.</param>
/// <param name="state">What the batch has come to, and its settings.</param>
/// <param name="isClogged">Whether no more operations can gather before one of those accepted ends.</param>
/// <param name="dispatcherLock">The lock that guards the queue.</param>
internal sealed class ReadyQueue<TInput>(
    IReadOnlyDictionary<string, int>? typeLimits, bool deliverAsChunk, DispatchState state, Func<bool> isClogged, LockAssertion dispatcherLock)
{
    private readonly OperationQueue<TInput> _queue = new(typeLimits);

    /// <summary>What waits for its next attempt; null until something has to.</summary>
    private PriorityQueue<Operation<TInput>, long>? _delayed;

    /// <summary>Chunks on their way to another attempt; they stay what they are.</summary>
    private readonly Queue<Operation<TInput>> _chunks = new();

    /// <summary>How many operations wait and are not known to be held back.</summary>
    public int Count => _queue.Count;

    /// <summary>The operation that is handed out next, unless its type is held back; null for none.</summary>
    public Operation<TInput>? First => _queue.First;

    /// <summary>When the longest-waiting operation could run; the far future when there is none.</summary>
    public long OldestReadyAt => _queue.OldestReadyAt;

    /// <summary>Into how many chunks what waits could go at most.</summary>
    public int CountPieces()
    {
        dispatcherLock.AssertHeld();
        return deliverAsChunk ? ChunkSizing.CountChunks(_chunks.Count, _queue.Count, state.BatchSize) : _queue.Count;
    }

    /// <summary>Whether what waits has gathered for long enough.</summary>
    public bool IsDue(long now)
    {
        dispatcherLock.AssertHeld();
        return _queue.Count >= state.BatchSize
            || _chunks.Count > 0
            || (_queue.Count > 0 && (state.IsInputEnded || now - _queue.OldestReadyAt >= state.FlushUnits || isClogged()));
    }

    /// <summary>Adds an operation that may be handed out from now on.</summary>
    public void Add(Operation<TInput> operation, long now)
    {
        dispatcherLock.AssertHeld();
        operation.ReadyAt = now;
        _queue.Add(operation);
    }

    /// <summary>Lets an operation, or a chunk, wait for its next attempt without occupying a lane.</summary>
    public void Delay(Operation<TInput> operation, long due)
    {
        dispatcherLock.AssertHeld();
        (_delayed ??= new PriorityQueue<Operation<TInput>, long>()).Enqueue(operation, due);
    }

    /// <summary>Makes ready what has waited for its next attempt until now.</summary>
    /// <returns>When the next one has; the far future for none.</returns>
    public long ReleaseDelayed(long now)
    {
        dispatcherLock.AssertHeld();
        while (_delayed is not null && _delayed.TryPeek(out Operation<TInput>? operation, out long due))
        {
            if (due > now)
            {
                return due;
            }

            _delayed.Dequeue();
            operation.ReadyAt = now;
            if (operation.Group is null)
            {
                _queue.Add(operation);
            }
            else
            {
                _chunks.Enqueue(operation);
            }
        }

        return long.MaxValue;
    }

    /// <summary>Takes back what a lane has not started; it is the next to go out again.</summary>
    /// <returns>How many operations, or chunks that run again, it was.</returns>
    public int TakeBack(Chunk<TInput> chunk)
    {
        dispatcherLock.AssertHeld();
        int count = 0;
        while (chunk.TryTakeLast(out Operation<TInput>? operation))
        {
            count++;
            if (operation.Group is null)
            {
                _queue.Return(operation);
            }
            else
            {
                _chunks.Enqueue(operation);
            }
        }

        return count;
    }

    /// <summary>An operation of a limited type has ended: one that was held back may go in its place.</summary>
    public void ReleaseType(TypeGate<TInput> type)
    {
        dispatcherLock.AssertHeld();
        _queue.Release(type);
    }

    /// <summary>Takes operations for one lane.</summary>
    /// <param name="size">How many at most.</param>
    /// <param name="taken">Where they go.</param>
    public void TakeShare(int size, List<Operation<TInput>> taken)
    {
        dispatcherLock.AssertHeld();
        while (taken.Count < size && _queue.TryTake(out Operation<TInput>? operation))
        {
            taken.Add(operation);

            // One of a limited type counts against its limit until it ends: nothing else may make it wait in this chunk.
            if (operation.Gate is not null)
            {
                break;
            }
        }
    }

    /// <summary>Takes a chunk that is delivered as one piece, if there is one or enough has gathered.</summary>
    /// <param name="chunk">Its first operation, which stands for all.</param>
    /// <param name="now">The time.</param>
    public bool TryTakeChunk([NotNullWhen(true)] out Operation<TInput>? chunk, long now)
    {
        dispatcherLock.AssertHeld();
        if (_chunks.TryDequeue(out chunk))
        {
            return true;
        }

        if (!IsDue(now))
        {
            return false;
        }

        var members = new Operation<TInput>[Math.Min(state.BatchSize, _queue.Count)];
        for (int i = 0; i < members.Length; i++)
        {
            // Types have no limits where chunks are delivered as one piece, so what is counted is there.
            _queue.TryTake(out members[i]!);
        }

        chunk = members[0];
        chunk.Group = members;
        return true;
    }

    /// <summary>Takes one operation, or chunk, that no lane will get.</summary>
    public bool TryTakeUnserved([NotNullWhen(true)] out Operation<TInput>? unserved)
    {
        dispatcherLock.AssertHeld();
        if (_chunks.TryDequeue(out unserved))
        {
            return true;
        }

        if (!_queue.TryTake(out unserved))
        {
            return false;
        }

        if (unserved.Gate is { } type)
        {
            _queue.Release(type);
        }

        return true;
    }

    /// <summary>Takes everything, whatever it waits for.</summary>
    public List<Operation<TInput>> Drain()
    {
        dispatcherLock.AssertHeld();
        List<Operation<TInput>> all = _queue.Drain();
        all.AddRange(_chunks);
        _chunks.Clear();
        while (_delayed is not null && _delayed.TryDequeue(out Operation<TInput>? operation, out _))
        {
            all.Add(operation);
        }

        return all;
    }
}

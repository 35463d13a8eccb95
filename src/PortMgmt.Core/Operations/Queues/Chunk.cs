using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations.Queues;

/// <summary>
/// Operations that were given out and have not been started. The lane that got them takes from the front without a lock, and so do
/// others that join it when they have nothing to do: what comes first is started first, whoever is free. Whoever fills it, joins it or
/// takes from the back holds the dispatcher's lock.
/// </summary>
internal sealed class Chunk<TInput>
{
    private Operation<TInput>?[] _items = new Operation<TInput>?[8];

    /// <summary>First and end of the untaken range, the first in the upper half.</summary>
    private long _range;

    public int Count
    {
        get
        {
            long range = Volatile.Read(ref _range);
            return (int)range - (int)(range >> 32);
        }
    }

    /// <summary>More than one lane takes from it, so that it is not filled again: one may still be reading a place. Under the lock.</summary>
    public bool IsShared { get; set; }

    /// <summary>It is among those of which something waits behind another operation; see <see cref="UnstartedChunks{TInput}"/>. Under the lock.</summary>
    public bool IsListed { get; set; }

    /// <summary>The next, which may be taken at any moment; null for none. Under the lock.</summary>
    public Operation<TInput>? PeekFirst()
    {
        while (true)
        {
            long range = Volatile.Read(ref _range);
            int first = (int)(range >> 32);
            if (first == (int)range)
            {
                return null;
            }

            if (Volatile.Read(ref _items[first]) is { } operation)
            {
                return operation;
            }

            // Somebody has just taken it.
        }
    }

    /// <summary>Gives an empty chunk that is not shared its operations. Under the lock, by the lane that has it.</summary>
    public void Fill(List<Operation<TInput>> operations)
    {
        if (_items.Length < operations.Count)
        {
            _items = new Operation<TInput>?[Math.Max(operations.Count, _items.Length * 2)];
        }

        operations.CopyTo(_items!);
        Volatile.Write(ref _range, (uint)operations.Count);
    }

    /// <summary>Takes the next. By lanes that have the chunk.</summary>
    public bool TryTakeFirst([NotNullWhen(true)] out Operation<TInput>? operation)
    {
        while (true)
        {
            long range = Volatile.Read(ref _range);
            int first = (int)(range >> 32);
            if (first == (int)range)
            {
                operation = null;
                return false;
            }

            if (Interlocked.CompareExchange(ref _range, range + (1L << 32), range) == range)
            {
                operation = _items[first]!;
                _items[first] = null;
                return true;
            }
        }
    }

    /// <summary>Takes the last. Under the lock.</summary>
    public bool TryTakeLast([NotNullWhen(true)] out Operation<TInput>? operation)
    {
        while (true)
        {
            long range = Volatile.Read(ref _range);
            int end = (int)range;
            if ((int)(range >> 32) == end)
            {
                operation = null;
                return false;
            }

            if (Interlocked.CompareExchange(ref _range, range - 1, range) == range)
            {
                operation = _items[end - 1]!;
                _items[end - 1] = null;
                return true;
            }
        }
    }
}

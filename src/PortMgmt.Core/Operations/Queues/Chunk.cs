using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations.Queues;

/// <summary>
/// The operations that a lane was given and has not started. Its owner takes from the front without a lock; others take from the back
/// when they have nothing to do. Whoever fills it or takes from the back holds the dispatcher's lock, so a slot is never refilled
/// while another thread still reads it.
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

    /// <summary>Gives an empty chunk its operations. Under the lock, by the owner alone.</summary>
    public void Fill(List<Operation<TInput>> operations)
    {
        if (_items.Length < operations.Count)
        {
            _items = new Operation<TInput>?[Math.Max(operations.Count, _items.Length * 2)];
        }

        operations.CopyTo(_items!);
        Volatile.Write(ref _range, (uint)operations.Count);
    }

    /// <summary>Takes the next. By the owner alone.</summary>
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

using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations.Queues;

/// <summary>A growing ring that takes at both ends: operations come last, those that a worker gives back come first. Not thread-safe.</summary>
internal sealed class OperationDeque<T>
    where T : class
{
    private T?[] _items = new T?[16];
    private int _head;

    public int Count { get; private set; }

    public T? First => Count == 0 ? null : _items[_head];

    private T this[int place]
    {
        get => _items[(_head + place) & (_items.Length - 1)]!;
        set => _items[(_head + place) & (_items.Length - 1)] = value;
    }

    public void AddLast(T item)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _items[(_head + Count++) & (_items.Length - 1)] = item;
    }

    public void AddFirst(T item)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _head = (_head - 1) & (_items.Length - 1);
        _items[_head] = item;
        Count++;
    }

    /// <summary>Adds an item to an ordered deque at its place, which is quick near either end.</summary>
    public void AddInOrder(T item, Func<T, T, bool> isBefore)
    {
        if (Count == 0 || !isBefore(item, this[Count - 1]))
        {
            AddLast(item);
            return;
        }

        AddFirst(item);
        for (int i = 1; i < Count && isBefore(this[i], item); i++)
        {
            (this[i - 1], this[i]) = (this[i], item);
        }
    }

    public bool TryTakeFirst([NotNullWhen(true)] out T? item)
    {
        if (Count == 0)
        {
            item = null;
            return false;
        }

        item = _items[_head]!;
        _items[_head] = null;
        _head = (_head + 1) & (_items.Length - 1);
        Count--;
        return true;
    }

    private void Grow()
    {
        var larger = new T?[_items.Length * 2];
        for (int i = 0; i < Count; i++)
        {
            larger[i] = _items[(_head + i) & (_items.Length - 1)];
        }

        _items = larger;
        _head = 0;
    }
}

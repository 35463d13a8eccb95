using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations;

/// <summary>A growing ring that takes at both ends: operations come last, those that a worker gives back come first. Not thread-safe.</summary>
internal sealed class OperationDeque<T>
    where T : class
{
    private T?[] _items = new T?[16];
    private int _head;

    public int Count { get; private set; }

    public T? First => Count == 0 ? null : _items[_head];

    public void AddLast(T item)
    {
        if (Count == _items.Length)
            Grow();
        _items[(_head + Count++) & (_items.Length - 1)] = item;
    }

    public void AddFirst(T item)
    {
        if (Count == _items.Length)
            Grow();
        _head = (_head - 1) & (_items.Length - 1);
        _items[_head] = item;
        Count++;
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
            larger[i] = _items[(_head + i) & (_items.Length - 1)];
        _items = larger;
        _head = 0;
    }
}

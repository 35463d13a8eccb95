using System.Collections;
using System.Management.Automation;
using PortMgmt.PowerShell.Affinity;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// Collects what the present operation of a worker puts out. Where it is shared, another thread may take what is there before the
/// operation has ended; else it is its worker's own and locks nothing.
/// </summary>
/// <param name="values">Unbinds what is put out from the worker's runspace; used on the worker's thread.</param>
/// <param name="isShared">Whether another thread takes some of it.</param>
/// <param name="order">Is told of each output; null where nobody asks in what order the operation writes.</param>
internal sealed class OperationOutput(OutputValues values, bool isShared, WriteOrder? order) : IList<PSObject?>
{
    /// <summary>How much room is kept for the output of the next operation.</summary>
    private const int KeptCapacity = 1024;

    private readonly Lock _lock = new();
    private readonly List<PSObject?> _items = [];

    /// <summary>Counts operations, for whoever takes early.</summary>
    private int _operation;

    /// <summary>The operation that was there when somebody last looked.</summary>
    private int _seen = -1;

    /// <summary>In what order the operation writes; null where nobody asks.</summary>
    public WriteOrder? Order => order;

    public int Count => _items.Count;

    public bool IsReadOnly => false;

    public PSObject? this[int index]
    {
        get => _items[index];
        set => throw new NotSupportedException();
    }

    public void Add(PSObject? item)
    {
        order?.Add(StreamKind.Output);
        if (!isShared)
        {
            _items.Add(item);
            return;
        }

        // Whoever takes it may call its scripts at once.
        values.Unbind(item);
        lock (_lock)
        {
            _items.Add(item);
        }
    }

    /// <summary>Unbinds what errors and messages of the operation carry.</summary>
    public void Unbind(StreamRecords streams) => values.Unbind(streams);

    /// <summary>The engine adds by inserting at the end; the end may have moved since it looked.</summary>
    public void Insert(int index, PSObject? item) => Add(item);

    /// <summary>The operation has ended: all that was not taken before, as PowerShell assigns it. By the worker.</summary>
    public object? TakeRest()
    {
        if (!isShared)
        {
            return Take();
        }

        lock (_lock)
        {
            _operation++;
            return Take();
        }
    }

    /// <summary>What is there of an operation that ran already when this was called before; empty for one that did not. Any thread.</summary>
    public PSObject?[] TakeEarly(out bool isLong)
    {
        lock (_lock)
        {
            isLong = _seen == _operation;
            _seen = _operation;
            if (!isLong || _items.Count == 0)
            {
                return [];
            }

            PSObject?[] items = [.. _items];
            _items.Clear();
            return items;
        }
    }

    public IEnumerator<PSObject?> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Clear() => throw new NotSupportedException();

    public bool Contains(PSObject? item) => throw new NotSupportedException();

    public void CopyTo(PSObject?[] array, int arrayIndex) => throw new NotSupportedException();

    public int IndexOf(PSObject? item) => throw new NotSupportedException();

    public bool Remove(PSObject? item) => throw new NotSupportedException();

    public void RemoveAt(int index) => throw new NotSupportedException();

    private object? Take()
    {
        foreach (PSObject? item in _items)
        {
            values.Unbind(item);
        }

        object? output = _items.Count switch
        {
            0 => null,
            1 when _items[0] is { } only => only,
            _ => _items.ToArray(),
        };
        _items.Clear();
        if (_items.Capacity > KeptCapacity)
        {
            _items.Capacity = KeptCapacity;
        }

        return output;
    }
}

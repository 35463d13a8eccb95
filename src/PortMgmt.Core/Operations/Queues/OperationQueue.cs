using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations.Queues;

/// <summary>The operations of a batch that wait to be handed out: by priority, with limited types held back behind their gates. Not thread-safe.</summary>
internal sealed class OperationQueue<TInput>
{
    private readonly PriorityLevels<TInput> _ready = new();
    private readonly Dictionary<string, TypeGate<TInput>>? _gates;

    public OperationQueue(IReadOnlyDictionary<string, int>? typeLimits)
    {
        if (typeLimits is { Count: > 0 })
        {
            _gates = typeLimits.ToDictionary(pair => pair.Key, pair => new TypeGate<TInput>(pair.Value), StringComparer.Ordinal);
        }
    }

    /// <summary>How many wait and are not known to be held back.</summary>
    public int Count => _ready.Count;

    public long OldestReadyAt => _ready.OldestReadyAt;

    /// <summary>The one that is handed out next, unless its type is held back; null for none.</summary>
    public Operation<TInput>? First => _ready.First;

    public void Add(Operation<TInput> operation)
    {
        if (_gates is not null && operation.Type is not null)
        {
            operation.Gate = _gates.GetValueOrDefault(operation.Type);
        }

        _ready.AddLast(operation);
    }

    /// <summary>Takes back what was handed out and not started; it goes out again in its place among what waits.</summary>
    public void Return(Operation<TInput> operation)
    {
        _ready.AddInOrder(operation);
        if (operation.Gate is { } gate)
        {
            Release(gate);
        }
    }

    public bool TryTake([NotNullWhen(true)] out Operation<TInput>? operation)
    {
        while (_ready.TryTake(out operation))
        {
            if (operation.Gate is not { } gate)
            {
                return true;
            }

            if (gate.IsOpen)
            {
                gate.Active++;
                return true;
            }

            gate.Held.AddInOrder(operation);
        }

        return false;
    }

    /// <summary>An operation of a limited type left its worker: one that was held back may go in its place.</summary>
    public void Release(TypeGate<TInput> gate)
    {
        gate.Active--;
        if (gate.Held.TryTake(out Operation<TInput>? next))
        {
            _ready.AddInOrder(next);
        }
    }

    /// <summary>Takes everything, held back or not.</summary>
    public List<Operation<TInput>> Drain()
    {
        var all = new List<Operation<TInput>>(_ready.Count);
        while (_ready.TryTake(out Operation<TInput>? operation))
        {
            all.Add(operation);
        }

        foreach (TypeGate<TInput> gate in _gates?.Values ?? Enumerable.Empty<TypeGate<TInput>>())
        {
            while (gate.Held.TryTake(out Operation<TInput>? operation))
            {
                all.Add(operation);
            }
        }

        return all;
    }
}

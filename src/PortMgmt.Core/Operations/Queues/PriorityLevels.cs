using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations.Queues;

/// <summary>Operations by priority, and by arrival within a priority; every step is O(1). Not thread-safe.</summary>
internal sealed class PriorityLevels<TInput>
{
    private readonly OperationDeque<Operation<TInput>>?[] _levels = new OperationDeque<Operation<TInput>>?[(int)OperationPriority.High + 1];

    public int Count { get; private set; }

    /// <summary>When the longest-waiting of the levels' first operations could run; the far future when there is none.</summary>
    public long OldestReadyAt
    {
        get
        {
            long oldest = long.MaxValue;
            foreach (OperationDeque<Operation<TInput>>? level in _levels)
            {
                oldest = Math.Min(oldest, level?.First?.ReadyAt ?? long.MaxValue);
            }

            return oldest;
        }
    }

    /// <summary>The one that is taken next; null for none.</summary>
    public Operation<TInput>? First
    {
        get
        {
            for (int level = _levels.Length - 1; level >= 0; level--)
            {
                if (_levels[level]?.First is { } first)
                {
                    return first;
                }
            }

            return null;
        }
    }

    /// <summary>Of two operations of a batch that wait, one is to be started first.</summary>
    public static bool ComesBefore(Operation<TInput> one, Operation<TInput> other) =>
        one.Priority == other.Priority ? ArrivedBefore(one, other) : one.Priority > other.Priority;

    public void AddLast(Operation<TInput> operation)
    {
        Level(operation).AddLast(operation);
        Count++;
    }

    /// <summary>Adds one that may have arrived before others that are here: it has been out, and comes back to its place.</summary>
    public void AddInOrder(Operation<TInput> operation)
    {
        Level(operation).AddInOrder(operation, ArrivedBefore);
        Count++;
    }

    public bool TryTake([NotNullWhen(true)] out Operation<TInput>? operation)
    {
        for (int level = _levels.Length - 1; level >= 0 && Count > 0; level--)
        {
            if (_levels[level] is { } waiting && waiting.TryTakeFirst(out operation))
            {
                Count--;
                return true;
            }
        }

        operation = null;
        return false;
    }

    private static bool ArrivedBefore(Operation<TInput> one, Operation<TInput> other) =>
        one.ReadyAt < other.ReadyAt || (one.ReadyAt == other.ReadyAt && one.Sequence < other.Sequence);

    private OperationDeque<Operation<TInput>> Level(Operation<TInput> operation) =>
        _levels[(int)operation.Priority] ??= new OperationDeque<Operation<TInput>>();
}

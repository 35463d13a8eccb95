namespace PortMgmt.Operations.History;

/// <summary>The slowest operations and the last that failed, a bounded number of each. Thread-safe; most operations take no lock.</summary>
internal sealed class TopOperations
{
    public const int Most = 20;

    private readonly Lock _lock = new();

    /// <summary>The slowest first.</summary>
    private readonly List<TopOperation> _slowest = [];

    private readonly Queue<TopOperation> _failed = new();

    /// <summary>What takes longer than this, in ticks, is among the slowest; any time is until there are enough.</summary>
    private long _bar = -1;

    /// <summary>Whether an operation should be added: so seldom that whoever adds it may take the trouble to describe it.</summary>
    public bool IsNotable<TInput, TResult>(in OperationResult<TInput, TResult> result) =>
        IsFailure(result.Status) || (result.Attempts > 0 && result.Duration.Ticks > Volatile.Read(ref _bar));

    public void Add(TopOperation operation)
    {
        lock (_lock)
        {
            if (IsFailure(operation.Status))
            {
                _failed.Enqueue(operation);
                if (_failed.Count > Most)
                {
                    _failed.Dequeue();
                }
            }

            if (operation.Duration.Ticks > _bar)
            {
                AddSlow(operation);
            }
        }
    }

    /// <summary>Adds both lists to a history.</summary>
    public OperationHistory AddTo(OperationHistory history)
    {
        lock (_lock)
        {
            return history with
            {
                Slowest = [.. _slowest],
                Failed = [.. _failed.Reverse()],
            };
        }
    }

    private static bool IsFailure(OperationStatus status) => status is OperationStatus.Failed or OperationStatus.TimedOut;

    private void AddSlow(TopOperation operation)
    {
        int place = _slowest.Count;
        while (place > 0 && _slowest[place - 1].Duration < operation.Duration)
        {
            place--;
        }

        if (_slowest.Count == Most)
        {
            _slowest.RemoveAt(Most - 1);
        }

        _slowest.Insert(place, operation);
        if (_slowest.Count == Most)
        {
            Volatile.Write(ref _bar, _slowest[Most - 1].Duration.Ticks);
        }
    }
}

using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>Which operations of a batch were sent, are waited for, and have ended: each gets one result, whatever comes. Thread-safe.</summary>
/// <param name="clock">The clock; the system's unless a test has its own.</param>
internal sealed class BatchLedger(TimeProvider? clock = null)
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Operations that could not be sent because the queue of their type was gone.</summary>
    private readonly List<PendingOperation> _unsent = [];

    private readonly Dictionary<string, PendingOperation> _pending = [];

    private readonly EarlierSubmission _earlier = new();

    /// <summary>Ids of operations whose result was given to the caller.</summary>
    private readonly HashSet<string> _ended = [];

    private OperationException? _failure;
    private long _published;
    private long _resumed;
    private long _repeats;

    /// <summary>Expects the result of an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="toSend">What to send; null when it is on its way already, or has ended.</param>
    /// <returns>Its result.</returns>
    public Task<ClusterResult> Expect(in ClusterOperation operation, out PendingOperation? toSend)
    {
        string id = operation.Id;
        toSend = null;
        lock (_lock)
        {
            if (_failure is not null)
            {
                return Task.FromException<ClusterResult>(_failure);
            }

            if (_earlier.TryTakeResult(id, out ClusterResult? early))
            {
                _resumed++;
                _ended.Add(id);
                return Task.FromResult(early);
            }

            if (_pending.TryGetValue(id, out PendingOperation? present))
            {
                return present.Result;
            }

            var pending = new PendingOperation(operation);
            _pending.Add(id, pending);
            if (_earlier.TryTakeSent(id))
            {
                pending.SentAt = _clock.GetTimestamp();
                _resumed++;
            }
            else
            {
                toSend = pending;
            }

            _ended.Remove(id);
            return pending.Result;
        }
    }

    /// <summary>A result came.</summary>
    public void Take(ClusterResult result)
    {
        PendingOperation? pending;
        lock (_lock)
        {
            if (_pending.Remove(result.OperationId, out pending))
            {
                _ended.Add(result.OperationId);
            }
            else if (_ended.Contains(result.OperationId))
            {
                _repeats++;
            }
            else if (!_earlier.TryKeep(result))
            {
                _repeats++;
            }
        }

        pending?.End(result);
    }

    /// <summary>Earlier submitters have noted what they sent.</summary>
    public void RecordSentBefore(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            _earlier.RecordSent(ids.Where(id => !_pending.ContainsKey(id) && !_ended.Contains(id)));
        }
    }

    /// <summary>Results of these are no longer kept at the broker: whoever asks for them again has them run again.</summary>
    public void Forget(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            _earlier.Forget(ids);
        }
    }

    /// <summary>The queue of results is gone, and with it perhaps some that nobody has seen: nothing counts as sent any more.</summary>
    /// <returns>Those that are waited for, to be sent again.</returns>
    public PendingOperation[] StartOver()
    {
        lock (_lock)
        {
            _earlier.ForgetSent();
            _unsent.Clear();
            return [.. _pending.Values];
        }
    }

    /// <summary>The broker has an operation.</summary>
    public void Confirm(PendingOperation operation)
    {
        lock (_lock)
        {
            _published++;
            operation.SentAt = _clock.GetTimestamp();
        }
    }

    /// <summary>The queue of an operation's type is gone: it is kept until there is one.</summary>
    public void KeepUnsent(PendingOperation operation)
    {
        lock (_lock)
        {
            _unsent.Add(operation);
        }
    }

    /// <summary>Takes out those of a type that could not be sent and are still waited for.</summary>
    public List<PendingOperation> TakeUnsent(string type)
    {
        lock (_lock)
        {
            List<PendingOperation> taken = _unsent.FindAll(operation => operation.Operation.Type == type && !operation.HasEnded);
            _unsent.RemoveAll(operation => operation.Operation.Type == type);
            return taken;
        }
    }

    /// <summary>The types of operations that are waited for, and could not be sent or were sent at least so long ago.</summary>
    public List<string> FindOverdueTypes(TimeSpan age)
    {
        lock (_lock)
        {
            return [.. _unsent.Concat(_pending.Values.Where(operation => IsOverdue(operation, age))).Select(operation => operation.Operation.Type).Distinct()];
        }
    }

    /// <summary>The operations of a type that are waited for and that the broker has had for at least so long.</summary>
    public List<PendingOperation> FindOverdue(string type, TimeSpan age)
    {
        lock (_lock)
        {
            return [.. _pending.Values.Where(operation => operation.Operation.Type == type && IsOverdue(operation, age))];
        }
    }

    /// <summary>An operation that the broker had is nowhere: it is sent once more, as if it were new.</summary>
    /// <returns>False where it has ended.</returns>
    public bool SendAgain(PendingOperation operation)
    {
        lock (_lock)
        {
            operation.SentAt = null;
            operation.Misses = 0;
            return !operation.HasEnded;
        }
    }

    /// <summary>All operations of a type that are waited for end without a result.</summary>
    /// <returns>How many these were.</returns>
    public int FailType(string type, OperationException error)
    {
        PendingOperation[] all;
        lock (_lock)
        {
            all = [.. _pending.Values.Where(operation => operation.Operation.Type == type)];
            _unsent.RemoveAll(operation => operation.Operation.Type == type);
        }

        Array.ForEach(all, operation => Fail(operation, error));
        return all.Length;
    }

    /// <summary>An operation ends without a result from a node.</summary>
    public void Fail(PendingOperation operation, OperationException error)
    {
        lock (_lock)
        {
            _pending.Remove(operation.Id);
        }

        operation.Fail(error);
    }

    /// <summary>Nothing more will come.</summary>
    public void FailAll(OperationException error)
    {
        PendingOperation[] all;
        lock (_lock)
        {
            _failure ??= error;
            all = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (PendingOperation operation in all)
        {
            operation.Fail(error);
        }
    }

    /// <summary>The counts so far.</summary>
    public ClusterBatchCounts Count(int reconnects)
    {
        lock (_lock)
        {
            return new ClusterBatchCounts(_published, _resumed, _ended.Count, _repeats, reconnects);
        }
    }

    private bool IsOverdue(PendingOperation operation, TimeSpan age) => operation.SentAt is long since && _clock.GetElapsedTime(since) >= age;
}

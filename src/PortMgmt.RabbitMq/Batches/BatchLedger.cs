using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>Which operations of a batch were sent, are waited for, and have ended: each gets one result, whatever comes. Thread-safe.</summary>
internal sealed class BatchLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PendingOperation> _pending = [];

    /// <summary>Results that nobody has asked for yet: an earlier submitter sent the operations.</summary>
    private readonly Dictionary<string, ClusterResult> _early = [];

    /// <summary>Ids of operations that an earlier submitter sent, as it noted; a result comes without their being sent again.</summary>
    private readonly HashSet<string> _sentBefore = [];

    /// <summary>
    /// Ids of operations whose results are no longer kept at the broker. The note that they were sent may come after the one that says
    /// so: results can be quicker than notes. To send one again that is under way costs a repeat; to wait for one that is gone never ends.
    /// </summary>
    private readonly HashSet<string> _forgotten = [];

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

            if (_early.Remove(id, out ClusterResult? early))
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
            if (_sentBefore.Remove(id))
            {
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
            else
            {
                KeepEarly(result);
            }
        }

        pending?.End(result);
    }

    /// <summary>Earlier submitters have noted what they sent.</summary>
    public void RecordSentBefore(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            foreach (string id in ids)
            {
                if (!_pending.ContainsKey(id) && !_ended.Contains(id) && !_early.ContainsKey(id) && !_forgotten.Contains(id))
                {
                    _sentBefore.Add(id);
                }
            }
        }
    }

    /// <summary>Results of these are no longer kept at the broker: whoever asks for them again has them run again.</summary>
    public void Forget(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            foreach (string id in ids)
            {
                _forgotten.Add(id);
                _sentBefore.Remove(id);
            }
        }
    }

    /// <summary>The queue of results is gone, and with it perhaps some that nobody has seen: nothing counts as sent any more.</summary>
    /// <returns>Those that are waited for, to be sent again.</returns>
    public PendingOperation[] StartOver()
    {
        lock (_lock)
        {
            _sentBefore.Clear();
            return [.. _pending.Values];
        }
    }

    /// <summary>The broker has an operation.</summary>
    public void CountPublished() => Interlocked.Increment(ref _published);

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
            return new ClusterBatchCounts(Interlocked.Read(ref _published), _resumed, _ended.Count, _repeats, reconnects);
        }
    }

    // Of two results of one operation the success counts: the other is of an attempt that was repeated.
    private void KeepEarly(ClusterResult result)
    {
        _sentBefore.Remove(result.OperationId);
        if (!_early.TryGetValue(result.OperationId, out ClusterResult? known))
        {
            _early.Add(result.OperationId, result);
            return;
        }

        _repeats++;
        if (known.Status != OperationStatus.Succeeded)
        {
            _early[result.OperationId] = result;
        }
    }
}

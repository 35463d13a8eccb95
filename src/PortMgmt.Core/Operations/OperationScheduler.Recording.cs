using PortMgmt.Metrics;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.History;

namespace PortMgmt.Operations;

/// <content>What batches and workers leave for health, metrics and history.</content>
public sealed partial class OperationScheduler<TInput, TResult>
{
    private readonly WorkerMetricsSet _workers = new();

    /// <summary>What batches that have ended left. Guarded by the scheduler's lock.</summary>
    private readonly OperationRecorder _recorder;

    /// <summary>The counts of batches that have ended.</summary>
    private BatchProgress _past;

    private int _peakOfOwnLimits;
    private int _largestMetadata;
    private long _activeSince;
    private long _activeBefore;
    private int _stuck;

    internal TopOperations Notable { get; } = new();

    internal OperationRecorder NewRecorder() => new(Clock, _madeAt);

    internal double Chance() => _options.Chance();

    internal void RecordStuck(int change) => Interlocked.Add(ref _stuck, change);

    internal void RecordMetadata(int bytes)
    {
        if (bytes > Volatile.Read(ref _largestMetadata))
        {
            InterlockedMax(ref _largestMetadata, bytes);
        }
    }

    internal WorkerMetrics RentMetrics() => _workers.Rent();

    /// <summary>A worker left for good; nobody writes to its metrics any more.</summary>
    internal void ReturnMetrics(WorkerMetrics metrics) => _workers.Return(metrics);

    internal void Record(WorkerMetrics? metrics, Operation<TInput> operation, bool again, long now)
    {
        if (metrics is not null)
        {
            RecordIn(metrics, operation, again, now);
            return;
        }

        lock (_workers.GivenUp)
        {
            RecordIn(_workers.GivenUp, operation, again, now);
        }
    }

    /// <summary>A batch has ended: its counts are kept, the batch is not.</summary>
    internal void Remove(OperationBatch<TInput, TResult> batch)
    {
        lock (_lock)
        {
            if (!_batches.Remove(batch))
            {
                return;
            }

            _past = _past.Plus(batch.Progress);
            batch.AddTo(_recorder);
            if (batch.Limit != _limit)
            {
                _peakOfOwnLimits = Math.Max(_peakOfOwnLimits, batch.Limit.Peak);
            }

            if (_batches.Count == 0)
            {
                _activeBefore += Clock.Now - _activeSince;
            }
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (seen < value)
        {
            int found = Interlocked.CompareExchange(ref target, value, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    private void RecordIn(WorkerMetrics metrics, Operation<TInput> operation, bool again, long now)
    {
        int count = operation.Group?.Length ?? 1;
        long service = now - operation.StartedAt;
        metrics.Service.Record(Clock.ToNanoseconds(service), count);
        if (operation.Attempts == 1)
        {
            RecordEach(metrics.Queue, operation, operation.StartedAt);
        }

        if (again)
        {
            metrics.Retries += count;
        }
        else
        {
            RecordEach(metrics.Total, operation, now);
        }

        if (_meter.IsHeard)
        {
            _meter.Record(Clock.ToTimeSpan(operation.StartedAt - operation.EnqueuedAt), Clock.ToTimeSpan(service), operation.Type);
        }
    }

    private void RecordEach(LatencyHistogram histogram, Operation<TInput> operation, long until)
    {
        if (operation.Group is not { } group)
        {
            histogram.Record(Clock.ToNanoseconds(until - operation.EnqueuedAt));
            return;
        }

        foreach (Operation<TInput> member in group)
        {
            histogram.Record(Clock.ToNanoseconds(until - member.EnqueuedAt));
        }
    }
}

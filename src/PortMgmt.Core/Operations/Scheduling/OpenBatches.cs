using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.History;

namespace PortMgmt.Operations.Scheduling;

/// <summary>The open batches of a scheduler, and the counts of those that have ended. Not thread-safe: guarded by the scheduler's lock.</summary>
/// <param name="records">Where the scheduler's figures are kept.</param>
/// <param name="shared">The limit that batches share unless they have one of their own.</param>
internal sealed class OpenBatches<TInput, TResult>(SchedulerRecords records, ConcurrencyLimit shared)
{
    private readonly List<OperationBatch<TInput, TResult>> _open = [];

    /// <summary>What batches that have ended left.</summary>
    private readonly OperationRecorder _recorder = records.CreateRecorder();

    /// <summary>The counts of batches that have ended.</summary>
    private BatchProgress _past;

    private int _peakOfOwnLimits;
    private long _activeSince;
    private long _activeBefore;

    public IReadOnlyList<OperationBatch<TInput, TResult>> All => _open;

    /// <summary>The most permits that were ever held at once under one limit.</summary>
    public int PeakConcurrency => _open.Select(batch => batch.Limit.Peak).Append(shared.Peak).Append(_peakOfOwnLimits).Max();

    public void Add(OperationBatch<TInput, TResult> batch)
    {
        if (_open.Count == 0)
        {
            _activeSince = records.Clock.Now;
        }

        _open.Add(batch);
    }

    /// <summary>A batch has ended: its counts are kept, the batch is not.</summary>
    public void Remove(OperationBatch<TInput, TResult> batch)
    {
        if (!_open.Remove(batch))
        {
            return;
        }

        _past = _past.Plus(batch.Progress);
        batch.AddTo(_recorder);
        if (batch.Limit != shared)
        {
            _peakOfOwnLimits = Math.Max(_peakOfOwnLimits, batch.Limit.Peak);
        }

        if (_open.Count == 0)
        {
            _activeBefore += records.Clock.Now - _activeSince;
        }
    }

    /// <summary>How far all batches together are, those that have ended too.</summary>
    public BatchProgress SumProgress()
    {
        BatchProgress total = _past;
        foreach (OperationBatch<TInput, TResult> batch in _open)
        {
            total = total.Plus(batch.Progress);
        }

        return total;
    }

    /// <summary>For how long there was an open batch.</summary>
    public TimeSpan GetActiveTime(long now) => records.Clock.ToTimeSpan(_activeBefore + (_open.Count > 0 ? now - _activeSince : 0));

    /// <summary>Adds what was recorded of all batches to a recorder.</summary>
    public void AddTo(OperationRecorder recorder)
    {
        _recorder.AddTo(recorder);
        foreach (OperationBatch<TInput, TResult> batch in _open)
        {
            batch.AddTo(recorder);
        }
    }
}

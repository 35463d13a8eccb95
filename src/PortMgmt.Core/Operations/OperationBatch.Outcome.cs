using PortMgmt.Operations.Caching;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Errors;
using PortMgmt.Operations.History;

namespace PortMgmt.Operations;

/// <content>What becomes of an attempt, and of an operation.</content>
public sealed partial class OperationBatch<TInput, TResult>
{
    /// <summary>An attempt ended: whoever calls this has claimed its end.</summary>
    /// <param name="lane">Whose attempt it was; null where it was given up.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="phase">The phase that the attempt was in.</param>
    /// <param name="output">What came of it.</param>
    /// <param name="error">Why it failed; null if it did not.</param>
    /// <param name="now">When it ended.</param>
    internal void Settle(
        OperationLane<TInput, TResult>? lane, Operation<TInput> operation, int phase, TResult? output, Exception? error, long now)
    {
        operation.ServiceTicks = Clock.ToTicks(now - operation.StartedAt);
        OperationStatus status = StatusOf(phase, error);
        if (status == OperationStatus.TimedOut)
        {
            error = OperationErrors.TimedOut(operation.Id, Options.Timeout.GetValueOrDefault(), error);
        }
        else if (status == OperationStatus.Cancelled)
        {
            error = OperationErrors.Cancelled(operation.Id, error);
        }

        if (operation.Gate is { } gate)
        {
            _dispatcher.Release(gate);
        }

        bool again = MayRetry(operation, status, error);
        Scheduler.Record(lane?.Metrics, operation, again, now);
        if (!again)
        {
            Conclude(lane, operation, status, output, error);
            return;
        }

        _results.RecordAttempt(lane, operation);
        _dispatcher.Delay(operation, Options.Retry.DelayBefore(operation.Attempts, Scheduler.Chance()));
    }

    /// <summary>An operation ended for good: tells those that wait for the same one, and the reader.</summary>
    /// <param name="lane">Whose operation it was; null where it did not run, or was given up.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="output">What came of it.</param>
    /// <param name="error">Why it did not succeed; null if it did.</param>
    /// <param name="mayBeLast">False where the caller is about to end another of the batch.</param>
    internal void Conclude(
        OperationLane<TInput, TResult>? lane,
        Operation<TInput> operation,
        OperationStatus status,
        TResult? output,
        Exception? error,
        bool mayBeLast = true)
    {
        if (operation.CacheEntry is not CacheEntry<TInput, TResult> entry)
        {
            Publish(lane, new OperationResult<TInput, TResult>(operation, status, output, error, false), mayBeLast);
            return;
        }

        CacheWaiter<TInput, TResult>? successor = null;
        List<CacheWaiter<TInput, TResult>>? waiters = status == OperationStatus.Cancelled
            ? Cache.Abandon(entry, this, out successor)
            : Cache.Settle(entry, output, status == OperationStatus.Succeeded && IsCacheable(output!));
        Publish(lane, new OperationResult<TInput, TResult>(operation, status, output, error, false), mayBeLast);
        foreach (CacheWaiter<TInput, TResult> waiter in waiters ?? [])
        {
            waiter.Batch.Publish(null, new OperationResult<TInput, TResult>(waiter.Operation, status, output, error, status != OperationStatus.Cancelled));
        }

        successor?.Batch._dispatcher.Requeue(successor.Value.Operation);
    }

    /// <summary>Ends an operation that was not started, because of a stop.</summary>
    internal void Cancel(Operation<TInput> operation, bool mayBeLast = true) =>
        Conclude(null, operation, OperationStatus.Cancelled, default, OperationErrors.Cancelled(operation.Id), mayBeLast);

    /// <summary>An attempt started.</summary>
    internal void RecordStart(Operation<TInput> operation)
    {
        if (Options.Timeout is not null)
        {
            _dispatcher.Watch(operation.StartedAt);
        }

        if (Scheduler.IsHeard(this))
        {
            Scheduler.Raise(this, NewEvent(OperationEventNames.OperationStarted, operation) with { Attempt = operation.Attempts });
        }
    }

    /// <summary>A worker got a hand-off.</summary>
    internal void RecordHandOff(int count)
    {
        if (Scheduler.IsHeard(this))
        {
            Scheduler.Raise(this, new OperationEvent(OperationEventNames.BatchScheduled, Clock.Provider.GetUtcNow(), Id) { Count = count });
        }
    }

    private void Publish(OperationLane<TInput, TResult>? lane, in OperationResult<TInput, TResult> result, bool mayBeLast = true)
    {
        if (Scheduler.IsHeard(this))
        {
            RaiseEnd(result);
        }

        if (!result.FromCache && Scheduler.Notable.IsNotable(result))
        {
            Scheduler.Notable.Add(Describe(result));
        }

        (bool wake, bool last) = _results.Add(lane, result, mayBeLast);
        if (wake)
        {
            _output.Release();
        }

        if (Options.UnboundedOutput)
        {
            AnnounceRoom(result.OperationCount);
        }

        if (last)
        {
            OnAllEnded(false);
        }
    }

    private void AnnounceRoom(int operations)
    {
        // A full fence: a producer either sees the room or is seen here.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _spaceWaiters) > 0)
        {
            _space.Release(operations);
        }
    }

    private void RaiseEnd(in OperationResult<TInput, TResult> result)
    {
        string name = result.Status == OperationStatus.Succeeded ? OperationEventNames.OperationSuccess : OperationEventNames.OperationFailure;
        Scheduler.Raise(this, NewEvent(name, result.Operation) with
        {
            Attempt = result.Attempts,
            Status = result.Status,
            Duration = result.Duration,
            Error = result.Error,
        });
    }

    private TopOperation Describe(in OperationResult<TInput, TResult> result) => new()
    {
        Id = result.Id,
        Label = OperationLabel.From(Options.Label is { } label ? Scheduler.Query(label, result.Input) : result.Input),
        Type = result.Type,
        Sequence = result.Operation.Sequence,
        Status = result.Status,
        QueueTime = result.QueueTime,
        Duration = result.Duration,
        Attempts = result.Attempts,
        EndedAt = Clock.Provider.GetUtcNow(),
        Error = OperationLabel.From(result.Error),
    };

    private OperationEvent NewEvent(string name, Operation<TInput> operation) => new(name, Clock.Provider.GetUtcNow(), Id)
    {
        OperationId = operation.Id,
        Type = operation.Type,
        Sequence = operation.Sequence,
        Count = operation.Group?.Length ?? 1,
    };

    private OperationStatus StatusOf(int phase, Exception? error)
    {
        if (phase == OperationPhase.TimeUp)
        {
            return OperationStatus.TimedOut;
        }

        if (error is null)
        {
            return OperationStatus.Succeeded;
        }

        return phase == OperationPhase.Stopping || _dispatcher.IsStopping ? OperationStatus.Cancelled : OperationStatus.Failed;
    }

    private bool MayRetry(Operation<TInput> operation, OperationStatus status, Exception? error)
    {
        if (status is not (OperationStatus.Failed or OperationStatus.TimedOut)
            || operation.Attempts > Options.Retry.MaxRetries
            || _dispatcher.IsStopping)
        {
            return false;
        }

        return Options.Retry.ShouldRetry is not { } decide || Scheduler.Query(decide, error!);
    }

    private bool IsCacheable(TResult output) => Options.IsCacheable is not { } decide || Scheduler.Query(decide, output);
}

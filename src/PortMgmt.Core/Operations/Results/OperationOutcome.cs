using PortMgmt.Operations.Caching;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Errors;
using PortMgmt.Operations.Events;
using PortMgmt.Operations.History;
using PortMgmt.Operations.Queues;
using PortMgmt.Operations.Scheduling;

namespace PortMgmt.Operations.Results;

/// <summary>What becomes of an attempt, and of an operation. Thread-safe.</summary>
internal sealed class OperationOutcome<TInput, TResult>(
    OperationBatchOptions<TInput, TResult> options,
    SchedulerContext scheduler,
    Dispatcher<TInput> dispatcher,
    ResultQueue<TInput, TResult> results,
    ResultReader<TInput, TResult> reader,
    BatchRoom room,
    BatchEvents<TInput, TResult> events,
    OperationCache<TInput, TResult> cache,
    Action stop)
{
    /// <summary>An attempt ended: whoever calls this has claimed its end.</summary>
    /// <param name="lane">Whose attempt it was; null where it was given up.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="phase">The phase that the attempt was in.</param>
    /// <param name="output">What came of it.</param>
    /// <param name="error">Why it failed; null if it did not.</param>
    /// <param name="now">When it ended.</param>
    public void Settle(
        LaneOutput<TInput, TResult>? lane, Operation<TInput> operation, int phase, TResult? output, Exception? error, long now)
    {
        operation.ServiceTicks = scheduler.Clock.ToTicks(now - operation.StartedAt);
        OperationStatus status = StatusOf(phase, error);
        if (status == OperationStatus.TimedOut)
        {
            error = OperationErrors.TimedOut(operation.Id, options.Timeout.GetValueOrDefault(), error);
        }
        else if (status == OperationStatus.Cancelled)
        {
            error = OperationErrors.Cancelled(operation.Id, error);
        }

        if (operation.Gate is { } type)
        {
            dispatcher.ReleaseType(type);
        }

        bool again = MayRetry(operation, status, error);
        scheduler.Records.RecordAttempt(lane?.Metrics, operation, again, now);
        if (!again)
        {
            Conclude(lane, operation, status, output, error);
            return;
        }

        results.RecordAttempt(lane, operation);
        dispatcher.Delay(operation, options.Retry.DelayBefore(operation.Attempts, scheduler.Options.Chance()));
    }

    /// <summary>An operation ended for good: tells those that wait for the same one, and the reader.</summary>
    /// <param name="lane">Whose operation it was; null where it did not run, or was given up.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="output">What came of it.</param>
    /// <param name="error">Why it did not succeed; null if it did.</param>
    /// <param name="mayBeLast">False where the caller is about to end another of the batch.</param>
    public void Conclude(
        LaneOutput<TInput, TResult>? lane,
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
            ? cache.Abandon(entry, this, out successor)
            : cache.Settle(entry, output, status == OperationStatus.Succeeded && IsCacheable(output!));
        Publish(lane, new OperationResult<TInput, TResult>(operation, status, output, error, false), mayBeLast);
        foreach (CacheWaiter<TInput, TResult> waiter in waiters ?? [])
        {
            waiter.Owner.Publish(null, new OperationResult<TInput, TResult>(waiter.Operation, status, output, error, status != OperationStatus.Cancelled));
        }

        successor?.Owner.Requeue(successor.Value.Operation);
    }

    /// <summary>Ends an operation that was not started, because of a stop.</summary>
    public void Cancel(Operation<TInput> operation, bool mayBeLast = true) =>
        Conclude(null, operation, OperationStatus.Cancelled, default, OperationErrors.Cancelled(operation.Id), mayBeLast);

    /// <summary>Ends what waits for operations of other batches, because of a stop.</summary>
    public void CancelCacheWaiters()
    {
        foreach (CacheWaiter<TInput, TResult> waiter in cache.TakeWaiters(this))
        {
            Publish(null, new OperationResult<TInput, TResult>(
                waiter.Operation, OperationStatus.Cancelled, default, OperationErrors.Cancelled(waiter.Operation.Id), false));
        }
    }

    /// <summary>Gives a result to the reader, and stops the batch where that is to happen.</summary>
    public void Publish(LaneOutput<TInput, TResult>? lane, in OperationResult<TInput, TResult> result, bool mayBeLast = true)
    {
        events.RaiseEnded(result);
        if (!result.FromCache && scheduler.Records.Notable.IsNotable(result))
        {
            scheduler.Records.Notable.Add(Describe(result));
        }

        (bool wake, bool last) = results.Add(lane, result, mayBeLast);
        if (wake)
        {
            reader.Wake();
        }

        if (options.UnboundedOutput)
        {
            room.AnnounceEnded(result.OperationCount);
        }

        if (last)
        {
            dispatcher.End();
        }
        else if (options.StopAtFirstFailure && result.Status is OperationStatus.Failed or OperationStatus.TimedOut)
        {
            stop();
        }
    }

    private void Requeue(Operation<TInput> operation) => dispatcher.Requeue(operation);

    private TopOperation Describe(in OperationResult<TInput, TResult> result) => new()
    {
        Id = result.Id,
        Label = OperationLabel.From(options.Label is { } label ? scheduler.Listeners.Query(label, result.Input) : result.Input),
        Type = result.Type,
        Sequence = result.Operation.Sequence,
        Status = result.Status,
        QueueTime = result.QueueTime,
        Duration = result.Duration,
        Attempts = result.Attempts,
        EndedAt = scheduler.Clock.Provider.GetUtcNow(),
        Error = OperationLabel.From(result.Error),
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

        return phase == OperationPhase.Stopping || dispatcher.IsStopping ? OperationStatus.Cancelled : OperationStatus.Failed;
    }

    private bool MayRetry(Operation<TInput> operation, OperationStatus status, Exception? error)
    {
        if (status is not (OperationStatus.Failed or OperationStatus.TimedOut)
            || operation.Attempts > options.Retry.MaxRetries
            || dispatcher.IsStopping)
        {
            return false;
        }

        return options.Retry.ShouldRetry is not { } decide || scheduler.Listeners.Query(decide, error!);
    }

    private bool IsCacheable(TResult output) => options.IsCacheable is not { } decide || scheduler.Listeners.Query(decide, output);
}

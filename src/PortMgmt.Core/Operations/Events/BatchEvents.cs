namespace PortMgmt.Operations.Events;

/// <summary>Raises the events of a batch, on the thread on which they arise; nothing is built while nobody listens. Thread-safe.</summary>
/// <param name="batchId">The batch's id.</param>
/// <param name="own">Who listens to this batch; null for nobody.</param>
/// <param name="all">Who listens to all batches of the scheduler.</param>
/// <param name="clock">The clock.</param>
internal sealed class BatchEvents<TInput, TResult>(string batchId, Action<OperationEvent>? own, EventListeners all, TimeProvider clock)
{
    private bool IsHeard => own is not null || all.IsHeard;

    /// <summary>An attempt started.</summary>
    public void RaiseStarted(Operation<TInput> operation)
    {
        if (IsHeard)
        {
            Raise(Create(OperationEventNames.OperationStarted, operation) with { Attempt = operation.Attempts });
        }
    }

    /// <summary>An operation, or a chunk that is delivered as one piece, ended.</summary>
    public void RaiseEnded(in OperationResult<TInput, TResult> result)
    {
        if (IsHeard)
        {
            RaiseEnd(result);
        }
    }

    /// <summary>A worker got a chunk.</summary>
    public void RaiseChunk(int count)
    {
        if (IsHeard)
        {
            Raise(new OperationEvent(OperationEventNames.BatchScheduled, clock.GetUtcNow(), batchId) { Count = count });
        }
    }

    private void RaiseEnd(in OperationResult<TInput, TResult> result)
    {
        string name = result.Status == OperationStatus.Succeeded ? OperationEventNames.OperationSuccess : OperationEventNames.OperationFailure;
        Raise(Create(name, result.Operation) with
        {
            Attempt = result.Attempts,
            Status = result.Status,
            Duration = result.Duration,
            Error = result.Error,
        });
    }

    private OperationEvent Create(string name, Operation<TInput> operation) => new(name, clock.GetUtcNow(), batchId)
    {
        OperationId = operation.Id,
        Type = operation.Type,
        Sequence = operation.Sequence,
        Count = operation.Group?.Length ?? 1,
    };

    private void Raise(OperationEvent raised)
    {
        all.Notify(own, raised);
        all.Raise(raised);
    }
}

using PortMgmt.Operations.Caching;
using PortMgmt.Operations.Errors;
using PortMgmt.Operations.Queues;
using PortMgmt.Operations.Results;
using PortMgmt.Operations.Scheduling;

namespace PortMgmt.Operations.Dispatching;

/// <summary>The way into a batch. Thread-safe.</summary>
internal sealed class BatchIntake<TInput, TResult>(
    OperationBatchOptions<TInput, TResult> options,
    SchedulerContext scheduler,
    Dispatcher<TInput> dispatcher,
    BatchRoom room,
    OperationOutcome<TInput, TResult> outcome,
    OperationCache<TInput, TResult> cache)
{
    /// <summary>Takes an input as an operation without an id, if there is room. Nothing is made for it where there is none.</summary>
    public bool TryEnqueue(TInput input) => !IsFullAndWaits() && TryEnqueue(new Operation<TInput>(input));

    /// <summary>Takes an operation, if there is room. Never blocks.</summary>
    /// <returns>False when the batch is full; nothing was taken.</returns>
    public bool TryEnqueue(Operation<TInput> operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.Metadata is not null)
        {
            scheduler.Records.RecordMetadata(OperationMetadata.Require(operation.Metadata, operation.Id));
        }

        if ((uint)operation.Priority > (uint)OperationPriority.High)
        {
            OptionCheck.Defined(nameof(operation.Priority), operation.Priority);
        }

        SingleOffer<TInput, TResult> offer = new(this, operation);
        dispatcher.Accept(ref offer);
        if (offer.Admission == Admission.Rejected)
        {
            outcome.Publish(null, new OperationResult<TInput, TResult>(
                operation, OperationStatus.Rejected, default, OperationErrors.Rejected(operation.Id, room.Capacity), false));
        }
        else if (offer.Admission == Admission.Known)
        {
            outcome.Publish(null, new OperationResult<TInput, TResult>(operation, OperationStatus.Succeeded, offer.Known, null, true));
        }

        return offer.Admission != Admission.Full;
    }

    /// <summary>Takes inputs as operations without ids, as many as there is room for. Never blocks.</summary>
    /// <returns>How many were taken, the first ones.</returns>
    public int TryEnqueueRange(ReadOnlySpan<TInput> inputs)
    {
        if (options.Overload == OverloadPolicy.Wait)
        {
            RangeOffer<TInput, TResult> offer = new(this, inputs, scheduler.Clock);
            dispatcher.Accept(ref offer);
            return offer.Taken;
        }

        int taken = 0;
        while (taken < inputs.Length && TryEnqueue(inputs[taken]))
        {
            taken++;
        }

        return taken;
    }

    /// <summary>Takes an operation, waiting for room.</summary>
    public ValueTask EnqueueAsync(Operation<TInput> operation, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        return TryEnqueue(operation) ? ValueTask.CompletedTask : new ValueTask(EnqueueWhenThereIsRoomAsync(operation, cancellationToken));
    }

    /// <summary>Takes an operation, blocking until there is room.</summary>
    public void Enqueue(Operation<TInput> operation)
    {
        if (TryEnqueue(operation))
        {
            return;
        }

        long seen = room.Waiters.AddBlocked();
        try
        {
            while (!TryEnqueue(operation))
            {
                seen = room.Waiters.Block(seen);
            }
        }
        finally
        {
            room.Waiters.RemoveBlocked();
        }
    }

    /// <summary>Accepts an operation, unless the batch is full, and looks for its result in the cache. Under the dispatcher's lock.</summary>
    public Admission Accept(Operation<TInput> operation, out TResult? known)
    {
        known = default;
        Admission admission = Admit(operation);
        if (admission == Admission.Full)
        {
            return admission;
        }

        Accept(operation, scheduler.Clock.Now);
        return admission == Admission.Accepted ? LookUp(operation, out known) : admission;
    }

    /// <summary>Accepts an operation without an id, unless the batch is full. Under the dispatcher's lock.</summary>
    public bool TryAccept(Operation<TInput> operation, long now)
    {
        if (Admit(operation) == Admission.Full)
        {
            return false;
        }

        Accept(operation, now);
        return true;
    }

    private async Task EnqueueWhenThereIsRoomAsync(Operation<TInput> operation, CancellationToken cancellationToken)
    {
        room.Waiters.AddAwaiting();
        try
        {
            while (!TryEnqueue(operation))
            {
                await room.Waiters.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            room.Waiters.RemoveAwaiting();
        }
    }

    private Admission Admit(Operation<TInput> operation)
    {
        if (dispatcher.IsInputEnded)
        {
            throw new OperationException(
                OperationErrorCode.BatchClosed, "The batch takes no more operations, its input was completed or it was stopped: start another.");
        }

        if (operation.Sequence >= 0)
        {
            throw new OperationException(
                OperationErrorCode.OperationReused, "The operation was enqueued before: an object stands for one run, make a new one.");
        }

        if (options.Overload == OverloadPolicy.Wait)
        {
            return room.IsFull ? Admission.Full : Admission.Accepted;
        }

        if (room.IsFullOfResults)
        {
            return Admission.Full;
        }

        if (!room.IsClogged)
        {
            return Admission.Accepted;
        }

        return options.Overload == OverloadPolicy.Fail ? throw OperationErrors.Rejected(operation.Id, room.Capacity) : Admission.Rejected;
    }

    private void Accept(Operation<TInput> operation, long now)
    {
        operation.Sequence = room.Accept();
        operation.EnqueuedAt = now;
    }

    private Admission LookUp(Operation<TInput> operation, out TResult? known)
    {
        known = default;
        if (operation.Id is null || options.DeliverAsChunk || !cache.IsEnabled)
        {
            return Admission.Accepted;
        }

        CacheKey key = new(operation.Id, operation.Type, options.ExecutorIdentity ?? string.Empty);
        return cache.Resolve(new CacheWaiter<TInput, TResult>(outcome, operation), key, out known) switch
        {
            CacheAnswer.Hit => Admission.Known,
            CacheAnswer.Joined => Admission.Joined,
            _ => Admission.Accepted,
        };
    }

    /// <summary>Whether an attempt to enqueue would find the batch full, so that nothing need be made for it.</summary>
    private bool IsFullAndWaits() => options.Overload == OverloadPolicy.Wait && room.IsFull && !dispatcher.IsInputEnded;
}

using PortMgmt.Operations.Caching;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Errors;

namespace PortMgmt.Operations;

/// <content>The way in.</content>
public sealed partial class OperationBatch<TInput, TResult>
{
    /// <summary>Takes an input as an operation without an id, if there is room.</summary>
    /// <param name="input">The input.</param>
    /// <returns>False when the batch is full; nothing was taken.</returns>
    /// <exception cref="OperationException">See <see cref="TryEnqueue(Operation{TInput})"/>.</exception>
    public bool TryEnqueue(TInput input) => !IsFullAndWaits() && TryEnqueue(new Operation<TInput>(input));

    /// <summary>Takes an operation, if there is room. Never blocks.</summary>
    /// <param name="operation">The operation, not enqueued before.</param>
    /// <returns>
    /// True when it was accepted, which includes that it ends at once as rejected. False when the batch is full: read results, or
    /// <see cref="Wait"/>; nothing was taken.
    /// </returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.BatchClosed"/>: the input was completed or the batch stopped;
    /// <see cref="OperationErrorCode.OperationReused"/>: it was enqueued before; <see cref="OperationErrorCode.MetadataTooLarge"/>;
    /// <see cref="OperationErrorCode.OperationRejected"/>: the batch is full and its overload policy is to fail.
    /// </exception>
    public bool TryEnqueue(Operation<TInput> operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.Metadata is not null)
        {
            Scheduler.RecordMetadata(OperationMetadata.Require(operation.Metadata, operation.Id));
        }

        if ((uint)operation.Priority > (uint)OperationPriority.High)
        {
            OptionCheck.Defined(nameof(operation.Priority), operation.Priority);
        }

        OperationLane<TInput, TResult>? lane = null;
        TResult? known = default;
        Admission admission;
        lock (_dispatcher.Gate)
        {
            admission = Admit(operation);
            if (admission == Admission.Full)
            {
                return false;
            }

            long now = Clock.Now;
            Accept(operation, now);
            if (admission == Admission.Accepted)
            {
                admission = LookUp(operation, out known);
            }

            if (admission == Admission.Accepted)
            {
                lane = _dispatcher.Submit(operation, now);
            }
        }

        _dispatcher.Wake(lane);
        if (admission == Admission.Rejected)
        {
            Publish(null, new OperationResult<TInput, TResult>(
                operation, OperationStatus.Rejected, default, OperationErrors.Rejected(operation.Id, _capacity), false));
        }
        else if (admission == Admission.Known)
        {
            Publish(null, new OperationResult<TInput, TResult>(operation, OperationStatus.Succeeded, known, null, true));
        }

        return true;
    }

    /// <summary>Takes inputs as operations without ids, as many as there is room for: cheaper than one at a time. Never blocks.</summary>
    /// <param name="inputs">The inputs. They are accepted together, at one time.</param>
    /// <returns>How many were taken, the first ones; less than all when the batch became full.</returns>
    /// <exception cref="OperationException">See <see cref="TryEnqueue(Operation{TInput})"/>.</exception>
    public int TryEnqueueRange(ReadOnlySpan<TInput> inputs)
    {
        int taken = 0;
        if (Options.Overload != OverloadPolicy.Wait)
        {
            while (taken < inputs.Length && TryEnqueue(inputs[taken]))
            {
                taken++;
            }

            return taken;
        }

        OperationLane<TInput, TResult>? lane = null;
        lock (_dispatcher.Gate)
        {
            long now = Clock.Now;
            for (; taken < inputs.Length; taken++)
            {
                var operation = new Operation<TInput>(inputs[taken]);
                if (Admit(operation) == Admission.Full)
                {
                    break;
                }

                Accept(operation, now);
                _dispatcher.Add(operation, now);
            }

            if (taken > 0)
            {
                lane = _dispatcher.Choose(now);
            }
        }

        _dispatcher.Wake(lane);
        return taken;
    }

    /// <summary>Takes an operation, waiting for room.</summary>
    /// <param name="operation">The operation, not enqueued before.</param>
    /// <param name="cancellationToken">Ends the wait; the operation was then not taken.</param>
    /// <returns>When it was accepted.</returns>
    /// <exception cref="OperationException">See <see cref="TryEnqueue(Operation{TInput})"/>.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public ValueTask EnqueueAsync(Operation<TInput> operation, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        return TryEnqueue(operation) ? ValueTask.CompletedTask : new ValueTask(EnqueueWhenThereIsRoomAsync(operation, cancellationToken));
    }

    /// <summary>No more operations come. The batch ends when those accepted have ended. Any number of calls.</summary>
    public void Complete()
    {
        _dispatcher.EndInput();
        CloseInput();
    }

    /// <summary>All callers that wait for room find the input closed; the end is reached when as many have ended as were accepted.</summary>
    private void CloseInput()
    {
        long total;
        lock (_dispatcher.Gate)
        {
            total = _accepted.Value;
        }

        if (_results.Expect(total))
        {
            OnAllEnded(true);
        }

        _space.Release(Volatile.Read(ref _spaceWaiters) + 1);
    }

    private async Task EnqueueWhenThereIsRoomAsync(Operation<TInput> operation, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _spaceWaiters);
        try
        {
            while (!TryEnqueue(operation))
            {
                await _space.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _spaceWaiters);
        }
    }

    private Admission Admit(Operation<TInput> operation)
    {
        if (_dispatcher.IsInputEnded)
        {
            throw new OperationException(
                OperationErrorCode.BatchClosed, "The batch takes no more operations, its input was completed or it was stopped: start another.");
        }

        if (operation.Sequence >= 0)
        {
            throw new OperationException(
                OperationErrorCode.OperationReused, "The operation was enqueued before: an object stands for one run, make a new one.");
        }

        if (Options.Overload == OverloadPolicy.Wait)
        {
            return IsFull ? Admission.Full : Admission.Accepted;
        }

        if (!Options.UnboundedOutput && IsFull && _results.Ended - Volatile.Read(ref _read.Value) >= _capacity)
        {
            return Admission.Full;
        }

        if (!IsClogged)
        {
            return Admission.Accepted;
        }

        if (Options.Overload == OverloadPolicy.Fail)
        {
            throw OperationErrors.Rejected(operation.Id, _capacity);
        }

        return Admission.Rejected;
    }

    private void Accept(Operation<TInput> operation, long now)
    {
        operation.Sequence = _accepted.Value;
        operation.EnqueuedAt = now;
        Volatile.Write(ref _accepted.Value, _accepted.Value + 1);
    }

    private Admission LookUp(Operation<TInput> operation, out TResult? known)
    {
        known = default;
        if (operation.Id is null || Options.WholeHandOffs || !Cache.IsEnabled)
        {
            return Admission.Accepted;
        }

        var key = new CacheKey(operation.Id, operation.Type, Options.ExecutorIdentity ?? string.Empty);
        return Cache.Resolve(new CacheWaiter<TInput, TResult>(this, operation), key, out known) switch
        {
            CacheAnswer.Hit => Admission.Known,
            CacheAnswer.Joined => Admission.Joined,
            _ => Admission.Accepted,
        };
    }

    /// <summary>Whether an attempt to enqueue would find the batch full, so that nothing need be made for it.</summary>
    private bool IsFullAndWaits() => Options.Overload == OverloadPolicy.Wait && IsFull && !_dispatcher.IsInputEnded;

    internal void UpdateCapacity() => Volatile.Write(
        ref _capacity, Options.Capacity ?? Math.Max(SmallestDefaultCapacity, Math.Max(2 * _dispatcher.BatchSize, 8 * _dispatcher.LaneLimit)));
}

using PortMgmt.Operations.Caching;
using PortMgmt.Operations.Errors;

namespace PortMgmt.Operations;

/// <content>How a batch ends before its time, and at it.</content>
public sealed partial class OperationBatch<TInput, TResult>
{
    /// <summary>
    /// Stops the batch without waiting: what has not started ends as cancelled, what runs has its token cancelled and ends as cancelled
    /// after the scheduler's grace at the latest. Any thread, any number of calls; results can still be read.
    /// </summary>
    public void Cancel() => Stop(Scheduler.StopGrace);

    /// <summary>Stops the batch as <see cref="Cancel()"/> does and waits until its workers have left, but no longer than twice the grace.</summary>
    /// <param name="grace">How long executors may take to heed their cancellation; null for the scheduler's.</param>
    /// <returns>What would not stop.</returns>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>: the grace is negative or above an hour.</exception>
    public async Task<StopReport> StopAsync(TimeSpan? grace = null)
    {
        TimeSpan allowed = grace ?? Scheduler.StopGrace;
        OptionCheck.InRange(nameof(grace), allowed, TimeSpan.Zero, TimeSpan.FromHours(1));
        Stop(allowed);
        try
        {
            // Executors are given up after the grace; the rest of the time is for workers that are being opened or closed.
            await Completion.WaitAsync((2 * allowed) + TimeSpan.FromMilliseconds(10), Clock.Provider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The report says who is left.
        }

        return _dispatcher.GetReport();
    }

    /// <summary>Stops the batch with the scheduler's grace.</summary>
    /// <returns>When its workers have left, or the grace is over.</returns>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    internal void OnSettingsChanged()
    {
        _dispatcher.Retune();
        UpdateCapacity();
    }

    internal IOperationWorker<TInput, TResult> CreateWorker() => _workerFactory();

    /// <summary>The last worker left.</summary>
    internal void Finish()
    {
        if (Interlocked.Exchange(ref _isFinished, 1) != 0)
        {
            return;
        }

        Limit.Leave();
        Scheduler.Remove(this);
        _completion.SetResult();
    }

    private void Stop(TimeSpan grace)
    {
        List<Operation<TInput>> waiting = _dispatcher.Stop(grace);
        CloseInput();
        for (int i = 0; i < waiting.Count; i++)
        {
            Cancel(waiting[i], mayBeLast: i == waiting.Count - 1);
        }

        foreach (CacheWaiter<TInput, TResult> waiter in Cache.TakeWaiters(this))
        {
            Publish(null, new OperationResult<TInput, TResult>(
                waiter.Operation, OperationStatus.Cancelled, default, OperationErrors.Cancelled(waiter.Operation.Id), false));
        }
    }

    /// <summary>Every operation has ended. Said once, perhaps by the worker of the last one.</summary>
    private void OnAllEnded(bool wakeReader)
    {
        if (wakeReader)
        {
            _output.Release();
        }

        _dispatcher.End();
    }
}

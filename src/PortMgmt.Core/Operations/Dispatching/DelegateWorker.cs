namespace PortMgmt.Operations.Dispatching;

/// <summary>Runs operations through a delegate on the thread pool, one chunk per work item, so that no batch keeps the pool's threads to itself.</summary>
internal sealed class DelegateWorker<TInput, TResult>(
    Func<OperationLane<TInput, TResult>, Operation<TInput>, CancellationToken, ValueTask<TResult>> executor)
    : IOperationWorker<TInput, TResult>, IThreadPoolWorkItem
{
    private OperationLane<TInput, TResult>? _lane;
    private ExecutionContext? _context;

    public void Wake(OperationLane<TInput, TResult> lane)
    {
        _lane = lane;
        _context ??= ExecutionContext.Capture();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Dispose()
    {
        // There is nothing to close: between two work items the worker is an object and no more.
    }

    void IThreadPoolWorkItem.Execute() =>
        ExecutionContext.Run(_context!, static worker => _ = ((DelegateWorker<TInput, TResult>)worker!).PullAsync(), this);

    private async Task PullAsync()
    {
        OperationLane<TInput, TResult> lane = _lane!;
        while (lane.TryNext(out Operation<TInput>? operation))
        {
            TResult output;
            try
            {
                output = await executor(lane, operation, lane.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                lane.Fail(e);
                continue;
            }

            lane.Succeed(output);
            if (lane.IsBetweenChunks)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
    }
}

namespace PortMgmt.Operations.Dispatching;

/// <summary>Runs operations through a blocking delegate on a thread of its own, which waits for work and ends with the batch.</summary>
internal sealed class ThreadWorker<TInput, TResult>(Func<Operation<TInput>, CancellationToken, TResult> executor)
    : IOperationWorker<TInput, TResult>
{
    public void Wake(OperationLane<TInput, TResult> lane)
    {
        new Thread(() => Pull(lane))
        {
            IsBackground = true,
            Name = $"PortMgmt worker {lane.Number}",
        }.Start();
    }

    public void Dispose()
    {
        // The thread has ended, or it is about to: its lane told it so.
    }

    private void Pull(OperationLane<TInput, TResult> lane)
    {
        while (lane.Next(out Operation<TInput>? operation))
        {
            TResult output;
            try
            {
                output = executor(operation, lane.Token);
            }
            catch (Exception e)
            {
                lane.Fail(e);
                continue;
            }

            lane.Succeed(output);
        }
    }
}

using PortMgmt.Operations;

namespace PortMgmt.Heads;

/// <summary>
/// Takes results out of a batch on one thread, which may put operations in as well and then never waits for the one without doing the
/// other.
/// </summary>
/// <param name="batch">The batch; this is its one reader.</param>
/// <param name="sink">Where results go.</param>
internal sealed class BatchPump<TInput, TResult>(OperationBatch<TInput, TResult> batch, IBatchSink<TInput, TResult> sink)
{
    /// <summary>How often the sink is flushed even though nothing ends, where this thread puts operations in.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Puts an operation in, and results out while there is no room.</summary>
    /// <exception cref="OperationException">It was not accepted.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public void Add(Operation<TInput> operation, CancellationToken cancellationToken)
    {
        while (!batch.TryEnqueue(operation))
        {
            Drain();
            batch.Wait(PollInterval, cancellationToken);
        }

        Drain();
    }

    /// <summary>Ends the input, waits for the rest of the operations and puts their results out.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public void Finish(CancellationToken cancellationToken)
    {
        batch.Complete();
        Drain();
        while (!batch.IsDrained)
        {
            batch.Wait(PollInterval, cancellationToken);
            Drain();
        }
    }

    /// <summary>Puts results out until the input was completed, by whichever thread, and everything has ended.</summary>
    public void ReadToEnd()
    {
        do
        {
            Drain();
        }
        while (batch.WaitToRead());
    }

    /// <summary>Puts results out, on any thread but one at a time, until the input was completed and everything has ended.</summary>
    public async Task ReadToEndAsync()
    {
        do
        {
            Drain();
        }
        while (await batch.WaitToReadAsync().ConfigureAwait(false));
    }

    private void Drain()
    {
        while (batch.TryRead(out OperationResult<TInput, TResult> result))
        {
            sink.Take(result);
        }

        sink.Flush();
    }
}

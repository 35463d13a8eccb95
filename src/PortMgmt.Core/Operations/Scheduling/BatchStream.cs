using System.Runtime.CompilerServices;

namespace PortMgmt.Operations.Scheduling;

/// <summary>Runs inputs through a batch in one loop: input is taken as results are read, and leaving the loop early stops the rest.</summary>
internal static class BatchStream<TInput, TResult>
{
    /// <summary>How many inputs are taken at once where all of them are there already.</summary>
    private const int RangeSize = 64;

    /// <summary>Runs operations.</summary>
    /// <param name="start">Starts the batch, once the results are asked for.</param>
    /// <param name="operations">The operations.</param>
    /// <param name="cancellationToken">Stops the batch; the loop then throws.</param>
    public static async IAsyncEnumerable<OperationResult<TInput, TResult>> RunAsync(
        Func<OperationBatch<TInput, TResult>> start,
        IEnumerable<Operation<TInput>> operations,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        await using OperationBatch<TInput, TResult> batch = start();
        foreach (Operation<TInput> operation in operations)
        {
            while (!batch.TryEnqueue(operation))
            {
                await batch.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
                while (batch.TryRead(out OperationResult<TInput, TResult> result))
                {
                    yield return result;
                }
            }

            while (batch.TryRead(out OperationResult<TInput, TResult> result))
            {
                yield return result;
            }
        }

        batch.Complete();
        await foreach (OperationResult<TInput, TResult> result in batch.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return result;
        }
    }

    /// <summary>Runs inputs that are all there already.</summary>
    /// <param name="start">Starts the batch, once the results are asked for.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="cancellationToken">Stops the batch; the loop then throws.</param>
    public static async IAsyncEnumerable<OperationResult<TInput, TResult>> RunListAsync(
        Func<OperationBatch<TInput, TResult>> start,
        IList<TInput> inputs,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using OperationBatch<TInput, TResult> batch = start();
        var range = new TInput[RangeSize];
        for (int next = 0; next < inputs.Count;)
        {
            int count = Math.Min(RangeSize, inputs.Count - next);
            for (int i = 0; i < count; i++)
            {
                range[i] = inputs[next + i];
            }

            for (int taken = 0; taken < count;)
            {
                int more = batch.TryEnqueueRange(range.AsSpan(taken, count - taken));
                taken += more;
                if (more == 0)
                {
                    await batch.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
                }

                while (batch.TryRead(out OperationResult<TInput, TResult> result))
                {
                    yield return result;
                }
            }

            next += count;
        }

        batch.Complete();
        await foreach (OperationResult<TInput, TResult> result in batch.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return result;
        }
    }
}

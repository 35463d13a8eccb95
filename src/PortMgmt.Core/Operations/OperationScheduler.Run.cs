using System.Runtime.CompilerServices;

namespace PortMgmt.Operations;

/// <content>Whole runs in one call.</content>
public sealed partial class OperationScheduler<TInput, TResult>
{
    /// <summary>How many inputs are taken at once where all of them are there already.</summary>
    private const int Chunk = 64;

    /// <summary>Runs a delegate over inputs. Input is taken as results are read; leaving the loop early stops the rest.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="executor">Does one operation; heeds its token.</param>
    /// <param name="options">How the batch runs; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the batch; the loop then throws.</param>
    /// <returns>One result for each input.</returns>
    public IAsyncEnumerable<OperationResult<TInput, TResult>> RunAsync(
        IEnumerable<TInput> inputs,
        Func<Operation<TInput>, CancellationToken, ValueTask<TResult>> executor,
        OperationBatchOptions<TInput, TResult>? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs is IList<TInput> list
            ? RunListAsync(list, executor, options, cancellationToken)
            : RunAsync(inputs.Select(input => new Operation<TInput>(input)), executor, options, cancellationToken);
    }

    /// <summary>Runs a delegate over operations. Input is taken as results are read; leaving the loop early stops the rest.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="executor">Does one operation; heeds its token.</param>
    /// <param name="options">How the batch runs; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the batch; the loop then throws.</param>
    /// <returns>One result for each operation.</returns>
    public async IAsyncEnumerable<OperationResult<TInput, TResult>> RunAsync(
        IEnumerable<Operation<TInput>> operations,
        Func<Operation<TInput>, CancellationToken, ValueTask<TResult>> executor,
        OperationBatchOptions<TInput, TResult>? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        await using OperationBatch<TInput, TResult> batch = StartBatch(executor, options);
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

    private async IAsyncEnumerable<OperationResult<TInput, TResult>> RunListAsync(
        IList<TInput> inputs,
        Func<Operation<TInput>, CancellationToken, ValueTask<TResult>> executor,
        OperationBatchOptions<TInput, TResult>? options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using OperationBatch<TInput, TResult> batch = StartBatch(executor, options);
        var chunk = new TInput[Chunk];
        for (int next = 0; next < inputs.Count;)
        {
            int count = Math.Min(Chunk, inputs.Count - next);
            for (int i = 0; i < count; i++)
            {
                chunk[i] = inputs[next + i];
            }

            for (int taken = 0; taken < count;)
            {
                int more = batch.TryEnqueueRange(chunk.AsSpan(taken, count - taken));
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

using System.Runtime.CompilerServices;

namespace PortMgmt.Operations;

/// <content>Whole runs in one call.</content>
public sealed partial class OperationScheduler<TInput, TResult>
{
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
        return RunAsync(inputs.Select(input => new Operation<TInput>(input)), executor, options, cancellationToken);
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
                    yield return result;
            }

            while (batch.TryRead(out OperationResult<TInput, TResult> result))
                yield return result;
        }

        batch.Complete();
        await foreach (OperationResult<TInput, TResult> result in batch.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return result;
    }
}

using PortMgmt.Operations;

namespace PortMgmt.Core.Tests.Operations;

internal static class BatchExtensions
{
    /// <summary>For liveness only: nothing takes this long unless it hangs.</summary>
    public static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    /// <summary>What can be read now.</summary>
    public static List<OperationResult<TInput, TResult>> ReadAvailable<TInput, TResult>(this OperationBatch<TInput, TResult> batch)
    {
        List<OperationResult<TInput, TResult>> results = [];
        while (batch.TryRead(out OperationResult<TInput, TResult> result))
        {
            results.Add(result);
        }

        return results;
    }

    /// <summary>Ends the input and reads to the end.</summary>
    public static async Task<List<OperationResult<TInput, TResult>>> FinishAsync<TInput, TResult>(this OperationBatch<TInput, TResult> batch)
    {
        batch.Complete();
        using var timeout = new CancellationTokenSource(WaitTimeout);
        List<OperationResult<TInput, TResult>> results = [];
        await foreach (OperationResult<TInput, TResult> result in batch.ReadAllAsync(timeout.Token))
        {
            results.Add(result);
        }

        return results;
    }

    /// <summary>Puts everything in, reading whenever there is no room, and reads to the end.</summary>
    public static async Task<List<OperationResult<TInput, TResult>>> RunAllAsync<TInput, TResult>(
        this OperationBatch<TInput, TResult> batch, IEnumerable<Operation<TInput>> operations)
    {
        List<OperationResult<TInput, TResult>> results = [];
        using var timeout = new CancellationTokenSource(WaitTimeout);
        foreach (Operation<TInput> operation in operations)
        {
            while (!batch.TryEnqueue(operation))
            {
                await batch.WaitToReadAsync(timeout.Token);
                results.AddRange(batch.ReadAvailable());
            }
        }

        results.AddRange(await batch.FinishAsync());
        return results;
    }

    /// <summary>Waits for what other threads bring about.</summary>
    public static async Task EventuallyAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(WaitTimeout);
        while (!condition())
        {
            await Task.Delay(1, timeout.Token);
        }
    }
}

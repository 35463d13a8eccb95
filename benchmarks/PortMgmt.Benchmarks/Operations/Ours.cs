using PortMgmt.Operations;

namespace PortMgmt.Benchmarks.Operations;

/// <summary>The scheduler with an executor that does nothing, one form for each kind of caller.</summary>
internal static class Ours
{
    /// <summary>Results as an asynchronous stream, operations on the thread pool.</summary>
    public static async Task<long> Stream(int operations, int workers)
    {
        long sum = 0;
        await using OperationScheduler<int, int> scheduler = New(workers);
        await foreach (OperationResult<int, int> result in scheduler.RunAsync(
            Enumerable.Range(0, operations), static (operation, _) => ValueTask.FromResult(operation.Input)))
        {
            sum += result.Output;
        }

        return sum;
    }

    /// <summary>One task puts operations in, another reads results.</summary>
    public static async Task<long> TwoTasks(int operations, int workers)
    {
        await using OperationScheduler<int, int> scheduler = New(workers);
        OperationBatch<int, int> batch = scheduler.StartBatch(static (operation, _) => ValueTask.FromResult(operation.Input));
        var producer = Task.Run(async () =>
        {
            for (int i = 0; i < operations; i++)
            {
                await batch.EnqueueAsync(new Operation<int>(i));
            }

            batch.Complete();
        });
        long sum = 0;
        await foreach (OperationResult<int, int> result in batch.ReadAllAsync())
        {
            sum += result.Output;
        }

        await producer;
        return sum;
    }

    /// <summary>A cmdlet's way: one thread that puts in and reads, workers that have a thread each.</summary>
    public static async Task<long> Threads(int operations, int workers)
    {
        long sum = 0;
        await using OperationScheduler<int, int> scheduler = New(workers);
        OperationBatch<int, int> batch = scheduler.StartBlockingBatch(static (operation, _) => operation.Input);
        for (int i = 0; i < operations; i++)
        {
            while (!batch.TryEnqueue(i))
            {
                batch.Wait(Timeout.InfiniteTimeSpan);
                sum += Read(batch);
            }
        }

        batch.Complete();
        while (!batch.IsDrained)
        {
            batch.Wait(Timeout.InfiniteTimeSpan);
            sum += Read(batch);
        }

        return sum;
    }

    private static OperationScheduler<int, int> New(int workers) =>
        new(new OperationSchedulerOptions { Settings = new OperationSettings { MaxConcurrent = workers } });

    private static long Read(OperationBatch<int, int> batch)
    {
        long sum = 0;
        while (batch.TryRead(out OperationResult<int, int> result))
        {
            sum += result.Output;
        }

        return sum;
    }
}

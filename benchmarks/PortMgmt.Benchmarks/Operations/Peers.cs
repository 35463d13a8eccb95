using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using System.Threading.Tasks.Dataflow;

namespace PortMgmt.Benchmarks.Operations;

/// <summary>
/// The base class library's own means for the same work. Bare ones only keep the output, in a queue without a bound. Those of the same
/// job do for each operation what the scheduler does, apart from ids, retries and metrics: its output or error, its queue wait and its
/// duration in one result, a bound on what is under way, and results that stream to one reader.
/// </summary>
internal static class Peers
{
    private const int Capacity = 1024;

    private static readonly ExecutionDataflowBlockOptions Bounded = new() { BoundedCapacity = Capacity };

    private static readonly DataflowLinkOptions ToTheEnd = new() { PropagateCompletion = true };

    /// <summary>The floor: numbers through one bounded channel from one thread to another, which do nothing else.</summary>
    public static async Task<long> ChannelAlone(int operations, int workers)
    {
        var channel = Channel.CreateBounded<int>(new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });
        var producer = Task.Run(async () =>
        {
            for (int i = 0; i < operations; i++)
            {
                await channel.Writer.WriteAsync(i);
            }

            channel.Writer.Complete();
        });
        long sum = 0;
        await foreach (int item in channel.Reader.ReadAllAsync())
        {
            sum += item;
        }

        await producer;
        return sum;
    }

    public static async Task<long> ForEachAsyncBare(int operations, int workers)
    {
        var outputs = new ConcurrentQueue<int>();
        await Parallel.ForEachAsync(Enumerable.Range(0, operations), At(workers), (input, _) =>
        {
            outputs.Enqueue(input);
            return ValueTask.CompletedTask;
        });
        return outputs.Sum(output => (long)output);
    }

    public static async Task<long> ActionBlockBare(int operations, int workers)
    {
        var outputs = new ConcurrentQueue<int>();
        var action = new ActionBlock<int>(outputs.Enqueue, Blocks(workers));
        for (int i = 0; i < operations; i++)
        {
            await action.SendAsync(i);
        }

        action.Complete();
        await action.Completion;
        return outputs.Sum(output => (long)output);
    }

    public static async Task<long> ForEachAsyncSameJob(int operations, int workers)
    {
        Channel<Outcome> results = Results();
        var producer = Task.Run(async () =>
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, operations).Select(input => new Job(input, Stopwatch.GetTimestamp())),
                At(workers),
                (job, token) => results.Writer.WriteAsync(Run(job), token));
            results.Writer.Complete();
        });
        long sum = await SumAsync(results.Reader);
        await producer;
        return sum;
    }

    public static async Task<long> ActionBlockSameJob(int operations, int workers)
    {
        Channel<Outcome> results = Results();
        var action = new ActionBlock<Job>(async job => await results.Writer.WriteAsync(Run(job)), Blocks(workers));
        var producer = Task.Run(async () =>
        {
            for (int i = 0; i < operations; i++)
            {
                await action.SendAsync(new Job(i, Stopwatch.GetTimestamp()));
            }

            action.Complete();
            await action.Completion;
            results.Writer.Complete();
        });
        long sum = await SumAsync(results.Reader);
        await producer;
        return sum;
    }

    public static async Task<long> TransformBlockSameJob(int operations, int workers)
    {
        long sum = 0;
        var transform = new TransformBlock<Job, Outcome>(Run, Blocks(workers));
        var reader = new ActionBlock<Outcome>(outcome => sum += outcome.Output, Bounded);
        transform.LinkTo(reader, ToTheEnd);
        for (int i = 0; i < operations; i++)
        {
            await transform.SendAsync(new Job(i, Stopwatch.GetTimestamp()));
        }

        transform.Complete();
        await reader.Completion;
        return sum;
    }

    private static ParallelOptions At(int workers) => new() { MaxDegreeOfParallelism = workers };

    private static ExecutionDataflowBlockOptions Blocks(int workers) =>
        new() { MaxDegreeOfParallelism = workers, BoundedCapacity = Capacity, EnsureOrdered = false };

    private static Channel<Outcome> Results() => Channel.CreateBounded<Outcome>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private static async Task<long> SumAsync(ChannelReader<Outcome> results)
    {
        long sum = 0;
        await foreach (Outcome outcome in results.ReadAllAsync())
        {
            sum += outcome.Output;
        }

        return sum;
    }

    private static Outcome Run(Job job)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan wait = Stopwatch.GetElapsedTime(job.EnqueuedAt, start);
        try
        {
            return new Outcome(job, job.Input, null, wait, Stopwatch.GetElapsedTime(start));
        }
        catch (InvalidOperationException e)
        {
            return new Outcome(job, 0, e, wait, Stopwatch.GetElapsedTime(start));
        }
    }
}

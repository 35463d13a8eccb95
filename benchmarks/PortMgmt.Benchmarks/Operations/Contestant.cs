namespace PortMgmt.Benchmarks.Operations;

/// <summary>One way to run operations: their number and how many at once go in, the sum of their outputs comes out.</summary>
internal sealed record Contestant(string Name, Func<int, int, Task<long>> Run)
{
    public static readonly IReadOnlyList<Contestant> All =
    [
        new("PortMgmt, one stream", Ours.Stream),
        new("PortMgmt, producer and reader", Ours.TwoTasks),
        new("PortMgmt, threads", Ours.Threads),
        new("Parallel.ForEachAsync, same job", Peers.ForEachAsyncSameJob),
        new("Dataflow ActionBlock, same job", Peers.ActionBlockSameJob),
        new("Dataflow TransformBlock, same job", Peers.TransformBlockSameJob),
        new("Parallel.ForEachAsync, bare", Peers.ForEachAsyncBare),
        new("Dataflow ActionBlock, bare", Peers.ActionBlockBare),
        new("one bounded channel alone", Peers.ChannelAlone),
    ];

    /// <summary>Runs it, and fails if a result was lost or came twice.</summary>
    public async Task RunCheckedAsync(int operations, int workers)
    {
        long sum = await Run(operations, workers);
        if (sum != (long)operations * (operations - 1) / 2)
        {
            throw new InvalidOperationException($"{Name}: results were lost or repeated, their sum is {sum}.");
        }
    }
}

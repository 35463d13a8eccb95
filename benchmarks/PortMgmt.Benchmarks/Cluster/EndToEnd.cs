using System.Diagnostics;
using System.Text;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Submission;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq;

namespace PortMgmt.Benchmarks.Cluster;

/// <summary>A batch through a cluster as users have it: submitted through a scheduler, run by workers, answered with results.</summary>
internal static class EndToEnd
{
    /// <summary>Runs so many operations that do nothing.</summary>
    /// <returns>Operations a second, from the first submission to the last result.</returns>
    public static Task<double> RunAsync(BrokerAddress broker, int workers, int room, int resultsPerMessage, int count) =>
        RunAsync([broker], workers, room, resultsPerMessage, count, partitions: 1);

    /// <summary>The same over several nodes of a broker, to which workers are connected in turn, with so many partitions.</summary>
    public static async Task<double> RunAsync(IReadOnlyList<BrokerAddress> brokers, int workers, int room, int resultsPerMessage, int count, int partitions)
    {
        var transport = new RabbitMqTransport();
        string type = partitions == 1 ? "noop" : $"noop-{partitions}";
        using var stop = new CancellationTokenSource();
        var started = new CountdownEvent(workers);
        Task[] running = [.. Enumerable.Range(0, workers).Select(worker => WorkAsync(transport, At(worker), type, partitions, room, resultsPerMessage, started, stop.Token))];
        started.Wait();
        double rate = await SubmitAsync(transport, At(0), type, count);
        await stop.CancelAsync();
        await Task.WhenAll(running);
        return rate;

        ClusterOptions At(int node) => new() { Broker = brokers[node % brokers.Count], ClusterId = "benchmark" };
    }

    private static async Task WorkAsync(
        RabbitMqTransport transport, ClusterOptions cluster, string type, int partitions, int room, int resultsPerMessage, CountdownEvent started, CancellationToken stop)
    {
        await using var scheduler = new OperationScheduler<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>();
        await ClusterWorker.RunAsync(
            transport,
            cluster,
            new ClusterWorkerOptions<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>
            {
                Type = type,
                Partitions = partitions,
                Scheduler = scheduler,
                WorkerFactory = static () => new EchoWorker(),
                Decode = static delivery => delivery.Input,
                Encode = static result => new ClusterResult { OperationId = "", NodeId = "", Status = result.Status, Output = result.Output },
                MaxConcurrent = room,
                ResultsPerMessage = resultsPerMessage,
                OnStarted = () => started.Signal(),
            },
            stop);
    }

    private static async Task<double> SubmitAsync(RabbitMqTransport transport, ClusterOptions cluster, string type, int count)
    {
        await using IClusterBatch batch = await transport.OpenBatchAsync(cluster, new ClusterBatchOptions(), CancellationToken.None);
        await using var scheduler = new OperationScheduler<int, ClusterResult>(new OperationSchedulerOptions
        {
            Settings = new OperationSettings { MaxConcurrent = RemoteOperations.DefaultWindow, BatchSize = 1 },
        });
        await using OperationBatch<int, ClusterResult> run = scheduler.StartBatch(() => new RemoteWorker<int, ClusterResult>(
            batch, operation => new ClusterOperation($"{operation.Input}", type, Encoding.UTF8.GetBytes($$"""{"n":{{operation.Input}}}""")), static result => result));
        var watch = Stopwatch.StartNew();
        int ended = 0;
        for (int n = 0; n < count; n++)
        {
            while (!run.TryEnqueue(n))
            {
                await run.WaitToReadAsync();
                while (run.TryRead(out _))
                {
                    ended++;
                }
            }
        }

        run.Complete();
        while (await run.WaitToReadAsync())
        {
            while (run.TryRead(out OperationResult<int, ClusterResult> result))
            {
                ended += result.Status == OperationStatus.Succeeded ? 1 : throw new InvalidOperationException("An operation failed.", result.Error);
            }
        }

        double seconds = watch.Elapsed.TotalSeconds;
        await batch.CompleteAsync(CancellationToken.None);
        return ended == count ? count / seconds : throw new InvalidOperationException($"{ended} of {count} operations ended.");
    }

    private sealed class EchoWorker : IOperationWorker<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>
    {
        public void Wake(OperationLane<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> lane) => ThreadPool.UnsafeQueueUserWorkItem(static lane =>
        {
            while (lane.TryNext(out Operation<ReadOnlyMemory<byte>>? operation))
            {
                lane.Succeed(operation.Input);
            }
        }, lane, preferLocal: false);

        public void Dispose()
        {
            // There is nothing to close.
        }
    }
}

using System.Globalization;
using System.Text;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Submission;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq;

namespace PortMgmt.TestNode;

/// <summary>Runs a batch of a cluster the way that the module and the command line do: through a scheduler.</summary>
internal static class TestSubmitter
{
    public static async Task<ClusterBatchCounts> RunAsync(
        ClusterOptions cluster, ClusterBatchOptions options, string type, int count, Func<int, string> input, Action<ClusterResult> onResult, int window = RemoteOperations.DefaultWindow)
    {
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, options, CancellationToken.None);
        await using var scheduler = new OperationScheduler<int, ClusterResult>(new OperationSchedulerOptions
        {
            Settings = new OperationSettings { MaxConcurrent = window, BatchSize = 1, CacheSize = 0 },
        });
        await using OperationBatch<int, ClusterResult> run = scheduler.StartBatch(() => new RemoteWorker<int, ClusterResult>(
            batch,
            operation => new ClusterOperation(operation.Id!, type, Encoding.UTF8.GetBytes(input(operation.Input))),
            result => result));
        for (int n = 1; n <= count; n++)
        {
            var operation = new Operation<int>(n) { Id = n.ToString(CultureInfo.InvariantCulture) };
            while (!run.TryEnqueue(operation))
            {
                await run.WaitToReadAsync();
                Read(run, onResult);
            }
        }

        run.Complete();
        while (await run.WaitToReadAsync())
        {
            Read(run, onResult);
        }

        await batch.CompleteAsync(CancellationToken.None);
        return batch.Counts;
    }

    private static void Read(OperationBatch<int, ClusterResult> run, Action<ClusterResult> onResult)
    {
        while (run.TryRead(out OperationResult<int, ClusterResult> result))
        {
            if (result.Output is null)
            {
                throw new InvalidOperationException($"Operation {result.Id} has no result.", result.Error);
            }

            onResult(result.Output);
        }
    }
}

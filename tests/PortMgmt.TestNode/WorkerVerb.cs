using System.Text.Json;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.RabbitMq;

namespace PortMgmt.TestNode;

/// <summary>Workers of one or more types until its standard input ends; writes one line when it takes operations, and its count at the end. Each start of an operation is in its log.</summary>
internal static class WorkerVerb
{
    public static async Task<int> RunAsync(string cluster, string node, string types, int room, string log)
    {
        using var starts = new StreamWriter(new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        await using var scheduler = new OperationScheduler<JsonElement, byte[]>();
        using var stop = new CancellationTokenSource();
        _ = Task.Run(() =>
        {
            Console.In.ReadToEnd();
            stop.Cancel();
        });
        using var allStarted = new CountdownEvent(types.Split(',').Length);
        Task<ClusterWorkerState>[] workers = Array.ConvertAll(types.Split(','), type =>
        {
            // As "job", or "job/3" for three partitions.
            string[] parts = type.Split('/');
            ClusterWorkerOptions<JsonElement, byte[]> options = TestExecutor.Options(scheduler, parts[0], room, RunAndNoteAsync) with
            {
                Partitions = parts.Length > 1 ? int.Parse(parts[1]) : null,
                OnStarted = () => allStarted.Signal(),
            };
            return ClusterWorker.RunAsync(new RabbitMqTransport(), TestCluster.Of(cluster, node), options, stop.Token);
        });

        // One that cannot start ends the process with its error.
        await await Task.WhenAny([Task.Run(allStarted.Wait), .. workers]);
        Console.WriteLine("ready");
        ClusterWorkerState[] ends = await Task.WhenAll(workers);
        Console.WriteLine(ends.Sum(end => end.Processed));
        return 0;

        async ValueTask<byte[]> RunAndNoteAsync(JsonElement input, CancellationToken token)
        {
            lock (starts)
            {
                starts.Write($"{Describe(input)}\n");
            }

            return await TestExecutor.RunAsync(input, token);
        }
    }

    private static string Describe(JsonElement input) =>
        input.ValueKind == JsonValueKind.Object && input.TryGetProperty("n", out JsonElement n) ? n.GetRawText() : input.GetRawText();
}

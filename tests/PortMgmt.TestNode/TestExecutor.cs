using System.Text;
using System.Text.Json;
using PortMgmt.Cluster;
using PortMgmt.Operations;

namespace PortMgmt.TestNode;

/// <summary>What test nodes do with an operation, as its input says: echo it, after a while, fail, or end the process.</summary>
internal static class TestExecutor
{
    public static async ValueTask<byte[]> RunAsync(JsonElement input, CancellationToken cancellationToken)
    {
        if (input.ValueKind == JsonValueKind.Object)
        {
            if (input.TryGetProperty("sleep", out JsonElement sleep))
            {
                await Task.Delay(sleep.GetInt32(), cancellationToken);
            }

            if (input.TryGetProperty("fail", out JsonElement fail))
            {
                throw new InvalidOperationException(fail.GetString());
            }

            if (input.TryGetProperty("kill", out _))
            {
                Environment.FailFast("The operation ends its node.");
            }
        }

        return Encoding.UTF8.GetBytes(input.GetRawText());
    }

    public static ClusterWorkerOptions<JsonElement, byte[]> Options(
        OperationScheduler<JsonElement, byte[]> scheduler, string type, int room, Func<JsonElement, CancellationToken, ValueTask<byte[]>> run)
    {
        return new ClusterWorkerOptions<JsonElement, byte[]>
        {
            Type = type,
            Scheduler = scheduler,
            WorkerFactory = () => new TestWorker(run),
            Decode = delivery => JsonDocument.Parse(delivery.Input).RootElement,
            Encode = result => new ClusterResult { OperationId = "", NodeId = "", Status = result.Status, Output = result.Output },
            MaxConcurrent = room,
        };
    }
}

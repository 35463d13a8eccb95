using System.Text.Json;
using PortMgmt.Cluster.Transport;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.CommandLine;

[Collection(BrokerTests.Name)]
public sealed class NodesTests(BrokerFixture fixture)
{
    [Fact]
    public async Task Nodes_OneThatServesAType_IsListedWithItsVersion()
    {
        await using LocalNode node = await LocalNode.StartAsync(fixture.Broker.Cluster("cli-nodes", "w1"), "job", 3);
        JsonElement only = Assert.Single((await RunAsync("--cluster", "cli-nodes", "--json")).EnumerateArray());
        Assert.Equal(("w1", "healthy", 3, "job"), (
            only.GetProperty("nodeId").GetString(), only.GetProperty("condition").GetString(),
            only.GetProperty("maxConcurrent").GetInt32(), only.GetProperty("types")[0].GetString()));
        Assert.Matches(@"^\d+\.\d+\.\d+", only.GetProperty("version").GetString());
        Assert.InRange(only.GetProperty("ageMs").GetInt32(), 0, 60_000);
        Assert.Empty((await RunAsync("--cluster", "cli-nodes", "--type", "other", "--json")).EnumerateArray());
    }

    [Fact]
    public async Task Nodes_Queues_SayWhatWaits()
    {
        var allowed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LocalNode node = await LocalNode.StartAsync(fixture.Broker.Cluster("cli-queues"), "job", 1, async (_, token) =>
        {
            await allowed.Task.WaitAsync(token);
            return "null"u8.ToArray();
        });
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(fixture.Broker.Cluster("cli-queues"), new(), CancellationToken.None);
        Task<PortMgmt.Cluster.ClusterResult>[] results = [.. Enumerable.Range(1, 3).Select(n => batch.RunAsync(new($"{n}", "job", "1"u8.ToArray()), CancellationToken.None))];
        JsonElement queue = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                queue = Assert.Single((await RunAsync("--cluster", "cli-queues", "--queues", "--json")).EnumerateArray());
                return queue.GetProperty("waiting").GetInt32() == 2;
            },
            "two operations to wait behind the one that runs");
        Assert.Equal(("job", false, 1, 0), (
            queue.GetProperty("type").GetString(), queue.GetProperty("isMissing").GetBoolean(), queue.GetProperty("workers").GetInt32(), queue.GetProperty("deadLetters").GetInt32()));
        Assert.Equal((1, 2), (queue.GetProperty("partitions").GetInt32(), Assert.Single(queue.GetProperty("waitingByPartition").EnumerateArray()).GetInt32()));

        // It took the first; the others were sent after it, to the second.
        Assert.InRange(queue.GetProperty("oldestAgeMs").GetInt64(), 0, 600_000);
        allowed.SetResult();
        await Task.WhenAll(results);
        await batch.CompleteAsync(CancellationToken.None);
        queue = Assert.Single((await RunAsync("--cluster", "cli-queues", "--queues", "--json")).EnumerateArray());
        Assert.Equal((0, JsonValueKind.Null), (queue.GetProperty("waiting").GetInt32(), queue.GetProperty("oldestAgeMs").ValueKind));
    }

    [Fact]
    public async Task Nodes_NobodyIsThere_SaysThatOnlyWorkersAnswer()
    {
        await using var process = CliProcess.Start(fixture.Broker.Url, "nodes", "--cluster", "cli-nobody", "--timeout", "100ms");
        Assert.Equal(0, await process.EndAsync());
        Assert.Contains("No node answered", process.Output, StringComparison.Ordinal);
    }

    private async Task<JsonElement> RunAsync(params string[] options)
    {
        await using var process = CliProcess.Start(fixture.Broker.Url, ["nodes", .. options]);
        Assert.Equal(0, await process.EndAsync());
        return JsonDocument.Parse(process.Output).RootElement;
    }
}

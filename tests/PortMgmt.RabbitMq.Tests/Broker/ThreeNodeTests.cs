using System.Collections.Concurrent;
using System.Text.Json;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.TestNode;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

/// <summary>A broker of three nodes, one of which is lost.</summary>
[Collection(AloneTests.Name)]
public sealed class ThreeNodeTests(BrokerClusterFixture fixture, ITestOutputHelper output) : IClassFixture<BrokerClusterFixture>
{
    private const int Count = 300;

    [Fact]
    public Task KillNode_WithTheBatchesResults_NothingIsLost() => KillHomeAsync("home", isClassic: false);

    /// <summary>Such a queue is gone for as long as its node is: the workers keep the results until it is back.</summary>
    [Fact]
    public Task KillNode_WithTheClassicQueueOfAnEarlierVersion_NothingIsLost() => KillHomeAsync("classic", isClassic: true);

    private async Task KillHomeAsync(string name, bool isClassic)
    {
        TestBrokerCluster brokers = await fixture.GetAsync();
        ClusterOptions submitter = brokers.Cluster(name, "submitter");
        int starts = 0;

        // The submitter's node is the one that has the batch's queue; the workers are at the two others.
        await using LocalNode second = await LocalNode.StartAsync(brokers.Cluster(name, "second", first: 1), "job", 10, RunAsync);
        await using LocalNode third = await LocalNode.StartAsync(brokers.Cluster(name, "third", first: 2), "job", 10, RunAsync);
        var notices = new ConcurrentQueue<string>();
        var options = new ClusterBatchOptions { BatchId = "batch", OnNotice = notices.Enqueue };
        if (isClassic)
        {
            await MakeClassicAsync(submitter, options.BatchId);
        }

        var results = new List<ClusterResult>();
        Task? restarting = null;
        ClusterBatchCounts counts = await TestSubmitter.RunAsync(submitter, options, "job", Count, n => $"{n}", result =>
        {
            results.Add(result);
            if (results.Count == Count / 10)
            {
                brokers.Brokers[0].Kill();
                restarting = RestartAsync();
            }
        }).WaitAsync(TimeSpan.FromMinutes(3));
        await restarting!;

        output.WriteLine($"{counts}; {starts} starts, {starts - Count} of them repeats; {string.Join(" | ", notices)}");
        Assert.Equal(Count, results.Count);
        Assert.Equal(Count, results.Select(result => result.OperationId).Distinct().Count());
        Assert.All(results, result => Assert.Equal(OperationStatus.Succeeded, result.Status));

        async Task RestartAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            await brokers.Brokers[0].StartServerAsync();
            await brokers.WaitUntilWholeAsync();
        }

        async ValueTask<byte[]> RunAsync(JsonElement input, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref starts);
            await Task.Delay(50, cancellationToken);
            return "null"u8.ToArray();
        }
    }

    private static async Task MakeClassicAsync(ClusterOptions cluster, string batchId)
    {
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        await using IChannel channel = await connection.CreateChannelAsync();
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "classic", ["x-expires"] = 86_400_000L };
        await channel.QueueDeclareAsync(new TopologyNames(cluster.ClusterId).Results(batchId), durable: true, exclusive: false, autoDelete: false, arguments);
    }
}

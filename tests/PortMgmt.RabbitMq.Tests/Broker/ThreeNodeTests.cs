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
public sealed class ThreeNodeTests(ThreeNodeFixture fixture, ITestOutputHelper output) : IClassFixture<ThreeNodeFixture>
{
    private const int Count = 300;

    /// <summary>
    /// Two batches at once: one as it is made now, and one whose queue an earlier version made, which is gone for as long as its node is, so
    /// that the workers have to keep its results.
    /// </summary>
    [Fact]
    public async Task KillNode_WithTheResultsOfBatches_NothingIsLost()
    {
        TestBrokerCluster brokers = fixture.Brokers;
        ClusterOptions submitter = brokers.Cluster("home", "submitter");
        await MakeClassicAsync(submitter, "classic");

        // The submitters' node is the one that has the queues; the workers are at the two others.
        await using LocalNode second = await LocalNode.StartAsync(brokers.Cluster("home", "second", first: 1), "job", 10, RunAsync);
        await using LocalNode third = await LocalNode.StartAsync(brokers.Cluster("home", "third", first: 2), "job", 10, RunAsync);
        int results = 0;
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAll(SubmitAsync(submitter, "quorum", OnResult), SubmitAsync(submitter, "classic", OnResult)).WaitAsync(TimeSpan.FromMinutes(3));
        await over.Task;

        void OnResult()
        {
            if (Interlocked.Increment(ref results) == Count / 10)
            {
                brokers.Brokers[0].Kill();
                _ = RestartAsync();
            }
        }

        async Task RestartAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            await brokers.Brokers[0].StartServerAsync();
            await brokers.WaitUntilWholeAsync();
            over.SetResult();
        }
    }

    /// <summary>All made by one worker, on one node of the broker, which may have queues of other types already: the broker evens out the leaders of all.</summary>
    [Fact(DisableParallelization = true)]
    public async Task DeclareType_SeveralPartitions_HaveLeadersOnAllNodes()
    {
        const int partitions = 24;
        ClusterOptions cluster = fixture.Brokers.Cluster("spread", "worker");
        await using LocalNode node = await LocalNode.StartAsync(cluster, "job", partitions, RunAsync, options => options with { Partitions = partitions });
        string[] leaders = await Task.WhenAll(new TypeLayout(new TopologyNames(cluster.ClusterId), "job", partitions).Queues.Select(FindLeaderAsync));
        int[] counts = [.. leaders.GroupBy(leader => leader).Select(group => group.Count())];
        output.WriteLine(string.Join(", ", counts));
        Assert.Equal(3, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 2, partitions));
    }

    private Task<string> FindLeaderAsync(string queue) => fixture.Brokers.Brokers[0].EvaluateAsync($$"""
        {ok, Queue} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"{{queue}}">>)), {_, Leader} = amqqueue:get_pid(Queue), Leader.
        """);

    private static async ValueTask<byte[]> RunAsync(JsonElement input, CancellationToken cancellationToken)
    {
        await Task.Delay(50, cancellationToken);
        return "null"u8.ToArray();
    }

    private static async Task MakeClassicAsync(ClusterOptions cluster, string batchId)
    {
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        await using IChannel channel = await connection.CreateChannelAsync();
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "classic", ["x-expires"] = 86_400_000L };
        await channel.QueueDeclareAsync(new TopologyNames(cluster.ClusterId).Results(batchId), durable: true, exclusive: false, autoDelete: false, arguments);
    }

    private async Task SubmitAsync(ClusterOptions cluster, string batchId, Action onResult)
    {
        var notices = new ConcurrentQueue<string>();
        var options = new ClusterBatchOptions { BatchId = batchId, OnNotice = notices.Enqueue };
        var results = new List<ClusterResult>();
        ClusterBatchCounts counts = await TestSubmitter.RunAsync(cluster, options, "job", Count, n => $"{n}", result =>
        {
            results.Add(result);
            onResult();
        });
        output.WriteLine($"{batchId}: {counts}; {string.Join(" | ", notices)}");
        Assert.Equal(Count, results.Count);
        Assert.Equal(Count, results.Select(result => result.OperationId).Distinct().Count());
        Assert.All(results, result => Assert.Equal(OperationStatus.Succeeded, result.Status));
    }
}

using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.TestNode;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

/// <summary>With a broker of its own, since it does not survive.</summary>
public sealed class RestartTests(ITestOutputHelper output)
{
    [Fact]
    public async Task KillBroker_InMidBatch_NothingIsLost()
    {
        Assert.SkipUnless(TestBroker.FindObstacle() is null, TestBroker.FindObstacle() ?? "");
        const int count = 4000;
        await using TestBroker broker = await TestBroker.StartAsync();
        ClusterOptions cluster = broker.Cluster("restart");
        int starts = 0;
        await using LocalNode first = await LocalNode.StartAsync(cluster with { NodeId = "first" }, "job", 50, RunAsync);
        await using LocalNode second = await LocalNode.StartAsync(cluster with { NodeId = "second" }, "job", 50, RunAsync);
        var results = new List<ClusterResult>();
        Task? restarting = null;
        ClusterBatchCounts counts = await TestSubmitter.RunAsync(cluster, new ClusterBatchOptions(), "job", count, n => $"{n}", result =>
        {
            results.Add(result);
            if (results.Count == count / 4)
            {
                broker.Kill();
                restarting = broker.StartServerAsync();
            }
        });
        await restarting!;

        output.WriteLine($"{counts}; {starts} starts, {starts - count} of them repeats");
        Assert.Equal(count, results.Count);
        Assert.Equal(count, results.Select(result => result.OperationId).Distinct().Count());
        Assert.All(results, result => Assert.Equal(OperationStatus.Succeeded, result.Status));
        Assert.True(counts.Reconnects >= 1);

        async ValueTask<byte[]> RunAsync(System.Text.Json.JsonElement input, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref starts);
            await Task.Delay(5, cancellationToken);
            return "null"u8.ToArray();
        }
    }
}

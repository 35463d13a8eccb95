using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.TestNode;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

[Collection(BrokerTests.Name)]
public sealed class PoisonTests(BrokerFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task Run_OperationThatEndsItsNode_IsDeadAfterTheLimitAndTakesNoOtherAlong()
    {
        const string name = "poison";
        const int count = 200;
        ClusterOptions cluster = fixture.Broker.Cluster(name);
        using var scratch = new Scratch();
        using var over = new CancellationTokenSource();
        Task<int> supervisor = SuperviseAsync(name, scratch, over.Token);
        await WaitForTypeAsync(cluster);
        var results = new List<ClusterResult>();
        ClusterBatchCounts counts = await TestSubmitter.RunAsync(
            cluster, new ClusterBatchOptions(), "job", count, n => n == 100 ? """{"n":100,"kill":true}""" : $$"""{"n":{{n}}}""", results.Add);
        await over.CancelAsync();
        int ends = await supervisor;
        int starts = scratch.Starts().Count(line => line == "100");
        output.WriteLine($"{counts}; the node ended {ends} times, the operation was started {starts} times, all others {scratch.Starts().Length - starts} times");

        ClusterResult dead = Assert.Single(results, result => result.Status != OperationStatus.Succeeded);
        Assert.Equal(("100", OperationStatus.Failed, OperationErrorCode.DeliveryLimitReached), (dead.OperationId, dead.Status, dead.ErrorCode));
        Assert.Equal(count, results.Select(result => result.OperationId).Distinct().Count());
        Assert.Equal(count, results.Count);
        Assert.Equal(5, starts);

        await AssertReplayedAsync(cluster);
    }

    // The letter is there with its error; a node that was repaired runs it, and it goes.
    private static async Task AssertReplayedAsync(ClusterOptions cluster)
    {
        await using LocalNode repaired = await LocalNode.StartAsync(cluster, "job", 1, (_, _) => ValueTask.FromResult("\"repaired\""u8.ToArray()));
        await AssertSeenEachTimeAsync(cluster);
        await using (IFailedOperations letters = await new RabbitMqTransport().OpenFailedAsync(cluster, "job", CancellationToken.None))
        {
            FailedOperation letter = (await letters.ReadAsync(CancellationToken.None))!;
            Assert.Equal(("100", true, nameof(OperationErrorCode.DeliveryLimitReached)), (letter.OperationId, letter.CanReplay, letter.ErrorCode));
            Assert.NotEmpty(letter.Error);
            Assert.NotNull(letter.FailedAt);
            Assert.Null(await letters.ReadAsync(CancellationToken.None));
            await using IClusterBatch replay = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions(), CancellationToken.None);
            ClusterResult result = await replay.RunAsync(new ClusterOperation(letter.OperationId!, letter.Type, letter.Input), CancellationToken.None);
            Assert.Equal("\"repaired\"", System.Text.Encoding.UTF8.GetString(result.Output.Span));
            await letters.RemoveAsync(letter, CancellationToken.None);
        }

        await using IFailedOperations none = await new RabbitMqTransport().OpenFailedAsync(cluster, "job", CancellationToken.None);
        Assert.Null(await none.ReadAsync(CancellationToken.None));
    }

    // Whoever looks leaves it for the next, who may look at once.
    private static async Task AssertSeenEachTimeAsync(ClusterOptions cluster)
    {
        for (int i = 0; i < 20; i++)
        {
            await using IFailedOperations letters = await new RabbitMqTransport().OpenFailedAsync(cluster, "job", CancellationToken.None);
            Assert.NotNull(await letters.ReadAsync(CancellationToken.None));
        }
    }

    private static Task WaitForTypeAsync(ClusterOptions cluster) => Eventually.HoldsAsync(
        async () => (await new RabbitMqTransport().GetNodesAsync(cluster, TimeSpan.FromMilliseconds(300), CancellationToken.None)).Count > 0, "a node");

    private async Task<int> SuperviseAsync(string cluster, Scratch scratch, CancellationToken over)
    {
        int ends = 0;
        while (!over.IsCancellationRequested)
        {
            await using TestProcess node = await TestProcess.StartNodeAsync(fixture.Broker, cluster, "victim", "job", 10, scratch.Log("victim"));
            while (!node.HasExited && !over.IsCancellationRequested)
            {
                await Task.Delay(50, CancellationToken.None);
            }

            if (node.HasExited)
            {
                ends++;
            }
        }

        return ends;
    }
}

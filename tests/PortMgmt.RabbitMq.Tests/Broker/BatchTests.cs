using System.Text;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.TestNode;
using Xunit;
using Xunit.Abstractions;

namespace PortMgmt.RabbitMq.Tests.Broker;

[Collection(BrokerTests.Name)]
public sealed class BatchTests(BrokerFixture fixture, ITestOutputHelper output)
{
    [SkippableFact]
    public async Task Run_ThreeNodesInThreeProcesses_EachOperationHasExactlyOneResult()
    {
        const string cluster = "three";
        using var scratch = new Scratch();
        await using TestProcess first = await TestProcess.StartNodeAsync(fixture.Broker, cluster, "first", "event", 64, scratch.Log("first"));
        await using TestProcess second = await TestProcess.StartNodeAsync(fixture.Broker, cluster, "second", "event,order", 64, scratch.Log("second"));
        await using TestProcess third = await TestProcess.StartNodeAsync(fixture.Broker, cluster, "third", "order", 64, scratch.Log("third"));
        var events = new List<ClusterResult>();
        var orders = new List<ClusterResult>();
        ClusterBatchCounts[] counts = await Task.WhenAll(
            TestSubmitter.RunAsync(fixture.Broker.Cluster(cluster), new ClusterBatchOptions(), "event", 12_000, n => $$"""{"n":{{n}}}""", events.Add),
            TestSubmitter.RunAsync(fixture.Broker.Cluster(cluster), new ClusterBatchOptions(), "order", 8_000, n => $$"""{"n":{{n}}}""", orders.Add));
        output.WriteLine($"{counts[0]}\n{counts[1]}");
        foreach (IGrouping<string, ClusterResult> node in events.Concat(orders).GroupBy(result => result.NodeId))
        {
            output.WriteLine($"{node.Key}: {node.Count()}");
        }

        AssertExactlyOnce(events, 12_000);
        AssertExactlyOnce(orders, 8_000);
        Assert.Subset(new HashSet<string> { "first", "second" }, events.Select(result => result.NodeId).ToHashSet());
        Assert.Subset(new HashSet<string> { "second", "third" }, orders.Select(result => result.NodeId).ToHashSet());
        Assert.Equal(20_000, scratch.Starts().Length);
        int[] exits = await Task.WhenAll(first.StopAsync(), second.StopAsync(), third.StopAsync());
        Assert.All(exits, exit => Assert.Equal(0, exit));
    }

    [SkippableFact]
    public async Task Run_NodesOfDifferentRoomAndHealth_LoadFollowsFreePlaces()
    {
        const int count = 600;
        ClusterOptions cluster = fixture.Broker.Cluster("load");
        string? trouble = "It is not well.";
        var allSent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int sent = 0;
        await using LocalNode large = await LocalNode.StartAsync(cluster with { NodeId = "large" }, "job", 16, SleepAsync);
        await using LocalNode small = await LocalNode.StartAsync(cluster with { NodeId = "small" }, "job", 2, SleepAsync);
        await using LocalNode unwell = await LocalNode.StartAsync(
            cluster with { NodeId = "unwell" }, "job", 16, SleepAsync, options => options with { HealthCheck = () => trouble, HealthInterval = TimeSpan.FromMilliseconds(20) });
        await using LocalNode stopped = await LocalNode.StartAsync(cluster with { NodeId = "stopped" }, "job", 16, SleepAsync);
        await stopped.StopAsync();
        IReadOnlyList<ClusterNode> nodes = await WaitForAsync(cluster, nodes => nodes.Count == 3 && nodes.Any(node => node.Condition == ClusterWorkerCondition.Unhealthy));
        Assert.Equal(["large", "small", "unwell"], nodes.Select(node => node.NodeId));
        Assert.Equal("It is not well.", nodes[2].Reason);

        // Nothing ends before all are sent: free places decide who takes the next, and not the pace at which operations come in.
        var results = new List<ClusterResult>();
        await TestSubmitter.RunAsync(cluster, new ClusterBatchOptions(), "job", count, n => Send(n), results.Add);
        AssertExactlyOnce(results, count);
        var shares = results.CountBy(result => result.NodeId).ToDictionary();
        output.WriteLine(string.Join(", ", shares.Select(share => $"{share.Key}: {share.Value}")));
        Assert.True(shares["large"] > 2 * shares["small"]);
        Assert.DoesNotContain("unwell", shares);
        Assert.DoesNotContain("stopped", shares);

        trouble = null;
        await WaitForAsync(cluster, nodes => nodes.Count == 3 && nodes.All(node => node.Condition == ClusterWorkerCondition.Healthy));
        results.Clear();
        await TestSubmitter.RunAsync(cluster, new ClusterBatchOptions(), "job", count, n => $"{n}", results.Add);
        Assert.Contains("unwell", results.Select(result => result.NodeId));

        string Send(int n)
        {
            if (Interlocked.Increment(ref sent) == count)
            {
                allSent.SetResult();
            }

            return $"{n}";
        }

        async ValueTask<byte[]> SleepAsync(System.Text.Json.JsonElement input, CancellationToken cancellationToken)
        {
            await allSent.Task.WaitAsync(TimeSpan.FromMinutes(3), cancellationToken);
            await Task.Delay(15, cancellationToken);
            return "null"u8.ToArray();
        }
    }

    [SkippableFact]
    public async Task Run_SameIdTwice_RunsOnce()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("twice");
        int runs = 0;
        await using LocalNode node = await LocalNode.StartAsync(cluster, "count", 4, async (_, token) =>
        {
            await Task.Delay(200, token);
            return Encoding.UTF8.GetBytes($"{Interlocked.Increment(ref runs)}");
        });
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions(), CancellationToken.None);
        ClusterResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => batch.RunAsync(new ClusterOperation("same", "count", "1"u8.ToArray()), CancellationToken.None)));
        Assert.All(results, result => Assert.Equal("1", Encoding.UTF8.GetString(result.Output.Span)));
        Assert.Equal(1, runs);
    }

    [SkippableFact]
    public async Task Run_FailingOperation_IsAResultAndNoDeadLetter()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("fails");
        await using LocalNode node = await LocalNode.StartAsync(cluster, "job", 4);
        var results = new List<ClusterResult>();
        await TestSubmitter.RunAsync(cluster, new ClusterBatchOptions(), "job", 3, n => $$"""{"fail":"no {{n}}"}""", results.Add);
        AssertOneEach(results, 3);
        Assert.All(results, result => Assert.Equal((OperationStatus.Failed, $"no {result.OperationId}", "test"), (result.Status, result.Error, result.NodeId)));
        await using IFailedOperations letters = await new RabbitMqTransport().OpenFailedAsync(cluster, "job", CancellationToken.None);
        Assert.Null(await letters.ReadAsync(CancellationToken.None));
    }

    private static void AssertExactlyOnce(List<ClusterResult> results, int count)
    {
        AssertOneEach(results, count);
        Assert.All(results, result => Assert.Equal(OperationStatus.Succeeded, result.Status));
    }

    private static void AssertOneEach(List<ClusterResult> results, int count)
    {
        Assert.Equal(count, results.Count);
        Assert.Equal(count, results.Select(result => result.OperationId).Distinct().Count());
    }

    private static async Task<IReadOnlyList<ClusterNode>> WaitForAsync(ClusterOptions cluster, Func<IReadOnlyList<ClusterNode>, bool> condition)
    {
        IReadOnlyList<ClusterNode> nodes = [];
        await Eventually.HoldsAsync(
            async () => condition(nodes = await new RabbitMqTransport().GetNodesAsync(cluster, TimeSpan.FromMilliseconds(300), CancellationToken.None)),
            "nodes in that state");
        return nodes;
    }
}

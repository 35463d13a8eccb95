using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.TestKit;
using PortMgmt.TestNode;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

[Collection(BrokerTests.Name)]
public sealed class KillTests(BrokerFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task KillWorker_InMidBatch_NothingIsLost()
    {
        const string cluster = "kill-worker";
        const int count = 3000;
        const int room = 50;
        using var scratch = new Scratch();
        await using NodeProcess doomed = await NodeProcess.StartNodeAsync(fixture.Broker, cluster, "doomed", "job", room, scratch.Log("doomed"));
        await using NodeProcess other = await NodeProcess.StartNodeAsync(fixture.Broker, cluster, "other", "job", room, scratch.Log("other"));
        var results = new List<ClusterResult>();
        ClusterBatchCounts counts = await TestSubmitter.RunAsync(
            fixture.Broker.Cluster(cluster), new ClusterBatchOptions(), "job", count, n => $$"""{"n":{{n}},"sleep":10}""", result =>
            {
                results.Add(result);
                if (results.Count == count / 4)
                {
                    doomed.KillAsync().Wait();
                }
            });

        int starts = scratch.Starts().Length;
        output.WriteLine($"{counts}; {starts} starts, {starts - count} of them repeats; {results.CountBy(result => result.NodeId).ToDictionary()["doomed"]} results of the killed node");
        Assert.Equal(count, results.Count);
        Assert.Equal(count, results.Select(result => result.OperationId).Distinct().Count());
        Assert.All(results, result => Assert.Equal(OperationStatus.Succeeded, result.Status));
        Assert.InRange(starts, count, count + room);
    }

    [Fact]
    public async Task KillSubmitter_InMidBatch_ItsSuccessorHasEveryResultAndRunsNothingTwice()
    {
        const string cluster = "kill-submitter";
        const int count = 3000;
        using var scratch = new Scratch();
        await using NodeProcess node = await NodeProcess.StartNodeAsync(fixture.Broker, cluster, "node", "job", 50, scratch.Log("node"));
        await using var doomed = NodeProcess.StartSubmitter(fixture.Broker, cluster, "resumed", "job", count, """{"n":$n,"sleep":10}""");
        await Eventually.HoldsAsync(() => doomed.Lines.Count > count / 4, "a quarter of the results");
        await doomed.KillAsync();

        await using var successor = NodeProcess.StartSubmitter(fixture.Broker, cluster, "resumed", "job", count, """{"n":$n,"sleep":10}""");
        Assert.Equal(0, await successor.EndAsync());
        string[] results = [.. successor.Lines.Where(line => char.IsAsciiDigit(line[0]))];
        int starts = scratch.Starts().Length;
        output.WriteLine($"first: {doomed.Lines.Count} results; second: {results.Length}; published, resumed, results, repeats, reconnects: {successor.Lines.Last()}; {starts} starts, {starts - count} of them repeats");
        Assert.Equal(Enumerable.Range(1, count).Select(n => $"{n} Succeeded").Order(), results.Order());
        Assert.True(int.Parse(successor.Lines.Last().Split(' ')[2]) >= doomed.Lines.Count);

        // The node's cache answers what was sent twice; what it had evicted by then would be run again.
        Assert.Equal(count, starts);
    }

    [Fact]
    public async Task LoseResultsQueue_InMidBatch_WhatIsWaitedForIsSentAgain()
    {
        const int count = 20;
        ClusterOptions cluster = fixture.Broker.Cluster("lose-results");
        using var allowed = new SemaphoreSlim(0);
        int running = 0;
        await using LocalNode node = await LocalNode.StartAsync(cluster, "job", count, async (input, token) =>
        {
            Interlocked.Increment(ref running);
            await allowed.WaitAsync(token);
            allowed.Release();
            return System.Text.Encoding.UTF8.GetBytes(input.GetRawText());
        });
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions { BatchId = "lost" }, CancellationToken.None);
        Task<ClusterResult>[] results = [.. Enumerable.Range(1, count).Select(n =>
            batch.RunAsync(new ClusterOperation($"{n}", "job", System.Text.Encoding.UTF8.GetBytes($"{n}")), CancellationToken.None))];
        await Eventually.HoldsAsync(() => running == count, "all operations run");
        await using (IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None))
        {
            await using IChannel channel = await connection.CreateChannelAsync();
            await channel.QueueDeleteAsync(new TopologyNames(cluster.ClusterId).Results(batch.Id), ifUnused: false, ifEmpty: false);
        }

        allowed.Release();
        ClusterResult[] all = await Task.WhenAll(results).WaitAsync(TimeSpan.FromMinutes(3));
        output.WriteLine($"{batch.Counts}");
        Assert.All(all, result => Assert.Equal((OperationStatus.Succeeded, result.OperationId), (result.Status, System.Text.Encoding.UTF8.GetString(result.Output.Span))));
        await batch.CompleteAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Run_MoreResultsThanAreHeld_AllComeAndASuccessorHasThoseLetGoRunAgain()
    {
        const int count = 1000;
        const int most = 100;
        ClusterOptions cluster = fixture.Broker.Cluster("held");
        int starts = 0;
        await using LocalNode node = await LocalNode.StartAsync(
            cluster, "job", 10, (_, _) =>
            {
                Interlocked.Increment(ref starts);
                return ValueTask.FromResult("null"u8.ToArray());
            },
            options => options with { ResultsPerMessage = 1 });
        var options = new ClusterBatchOptions { BatchId = "held", MaxHeld = most };
        string[] ids = [.. Enumerable.Range(1, count).Select(n => $"{n}")];
        await using (IClusterBatch first = await new RabbitMqTransport().OpenBatchAsync(cluster, options, CancellationToken.None))
        {
            foreach (string id in ids)
            {
                await first.RunAsync(new ClusterOperation(id, "job", "1"u8.ToArray()), CancellationToken.None);
            }
        }

        await using IClusterBatch second = await new RabbitMqTransport().OpenBatchAsync(cluster, options, CancellationToken.None);
        ClusterResult[] results = await Task.WhenAll(ids.Select(id => second.RunAsync(new ClusterOperation(id, "job", "1"u8.ToArray()), CancellationToken.None)))
            .WaitAsync(TimeSpan.FromMinutes(3));
        output.WriteLine($"{second.Counts}; {starts} starts");
        Assert.All(results, result => Assert.Equal(OperationStatus.Succeeded, result.Status));
        Assert.InRange(second.Counts.Resumed, 1, most);
        Assert.Equal(count - second.Counts.Resumed, second.Counts.Published);
        await second.CompleteAsync(CancellationToken.None);
    }

    [Fact]
    public async Task OpenBatch_TwoSubmitters_TheSecondIsRefused()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("two");
        await using LocalNode node = await LocalNode.StartAsync(cluster, "job", 1);
        var options = new ClusterBatchOptions { BatchId = "shared" };
        await using (await new RabbitMqTransport().OpenBatchAsync(cluster, options, CancellationToken.None))
        {
            OperationException refused = await Assert.ThrowsAsync<OperationException>(() => new RabbitMqTransport().OpenBatchAsync(cluster, options, CancellationToken.None));
            Assert.Equal(OperationErrorCode.BatchInUse, refused.Code);
        }

        await using IClusterBatch after = await new RabbitMqTransport().OpenBatchAsync(cluster, options, CancellationToken.None);
        await after.CompleteAsync(CancellationToken.None);
    }
}

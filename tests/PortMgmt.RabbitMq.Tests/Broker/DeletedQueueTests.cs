using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.TestKit;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

/// <summary>An operator deletes or empties queues under a batch.</summary>
[Collection(BrokerTests.Name)]
public sealed class DeletedQueueTests(BrokerFixture fixture, ITestOutputHelper output)
{
    private const string Type = "job";
    private const int Count = 20;

    /// <summary>As in operation, in less time: <c>BatchAuditTests</c> have what follows from which time.</summary>
    private static readonly TimeSpan AuditAge = TimeSpan.FromMilliseconds(500);

    /// <summary>Deleted while a worker runs, which makes it again: what waited in it is lost, what runs is not.</summary>
    [Fact]
    public Task DeleteWork_InMidBatch_WhatIsNowhereIsSentAgain() => LoseAsync("lose-work", (channel, names) => channel.QueueDeleteAsync(names.Work(Type), false, false), "no queue");

    /// <summary>Nobody is told of that.</summary>
    [Fact]
    public Task PurgeWork_InMidBatch_WhatIsNowhereIsSentAgain() => LoseAsync("purge-work", (channel, names) => channel.QueuePurgeAsync(names.Work(Type)), "no queue");

    [Fact]
    public async Task DeleteWork_NoWorkerIsThere_SaysSoAndFailsWhatWaits()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("lose-type");
        await using (await LocalNode.StartAsync(cluster, Type, 1))
        {
            // It makes the type.
        }

        var notices = new ConcurrentQueue<string>();
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions { OnNotice = notices.Enqueue, AuditAge = AuditAge, GoneTime = TimeSpan.FromSeconds(2) }, CancellationToken.None);
        Task<ClusterResult> result = batch.RunAsync(new ClusterOperation("1", Type, "1"u8.ToArray()), CancellationToken.None);
        await Eventually.HoldsAsync(() => batch.Counts.Published == 1, "the operation to be with the broker");
        await UseAsync(cluster, (channel, names) => channel.QueueDeleteAsync(names.Work(Type), false, false));
        var watch = Stopwatch.StartNew();
        await Eventually.HoldsAsync(() => notices.Any(notice => notice.Contains("is gone", StringComparison.Ordinal)), "a notice");
        output.WriteLine($"noticed after {watch.Elapsed.TotalSeconds:0.0} s");
        OperationException failure = await Assert.ThrowsAsync<OperationException>(() => result.WaitAsync(TimeSpan.FromMinutes(2)));
        output.WriteLine($"failed after {watch.Elapsed.TotalSeconds:0.0} s: {failure.Message}");
        Assert.Equal(OperationErrorCode.TypeNotFound, failure.Code);
        Assert.Contains("was deleted", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>One of the operations that were set apart runs, the others wait behind it, one at a time: these are lost with the queue.</summary>
    [Fact]
    public async Task DeleteSuspect_InMidBatch_WhatWaitedThereIsSentAgain()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("lose-suspect");
        await using (await LocalNode.StartAsync(cluster, Type, 1))
        {
            // It makes the type.
        }

        var notices = new ConcurrentQueue<string>();
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions { OnNotice = notices.Enqueue, AuditAge = AuditAge }, CancellationToken.None);
        Task<ClusterResult>[] results = [.. Enumerable.Range(1, 3).Select(n => batch.RunAsync(new ClusterOperation($"{n}", Type, Encoding.UTF8.GetBytes($"{n}")), CancellationToken.None))];
        await Eventually.HoldsAsync(() => batch.Counts.Published == results.Length, "all to be with the broker");
        await UseAsync(cluster, (channel, names) => SetApartAsync(channel, names, results.Length));
        using var allowed = new SemaphoreSlim(0);
        int running = 0;
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 2, async (input, token) =>
        {
            Interlocked.Increment(ref running);
            await allowed.WaitAsync(token);
            return Encoding.UTF8.GetBytes(input.GetRawText());
        });
        await Eventually.HoldsAsync(() => Volatile.Read(ref running) == 1, "one of them to run");
        await UseAsync(cluster, (channel, names) => channel.QueueDeleteAsync(names.Suspect(Type), false, false));
        allowed.Release(10);
        ClusterResult[] all = await Task.WhenAll(results).WaitAsync(TimeSpan.FromMinutes(2));
        output.WriteLine($"{batch.Counts}; {running} starts; {string.Join(" | ", notices)}");
        Assert.All(all, result => Assert.Equal((OperationStatus.Succeeded, result.OperationId), (result.Status, Encoding.UTF8.GetString(result.Output.Span))));
        Assert.Contains(notices, text => text.Contains("no queue", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => ExistsAsync(cluster), "the queue to be there again");
        await batch.CompleteAsync(CancellationToken.None);
    }

    // As a worker does with what came back to it too often.
    private static async Task SetApartAsync(IChannel channel, TopologyNames names, int count)
    {
        for (int n = 0; n < count; n++)
        {
            BasicGetResult message = (await channel.BasicGetAsync(names.Work(Type), autoAck: true))!;
            await channel.BasicPublishAsync("", names.Suspect(Type), mandatory: true, new BasicProperties(message.BasicProperties), message.Body);
        }
    }

    private static async Task<bool> ExistsAsync(ClusterOptions cluster)
    {
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        return await QueueProbe.ExistsAsync(connection, new TopologyNames(cluster.ClusterId).Suspect(Type), CancellationToken.None);
    }

    private async Task LoseAsync(string name, Func<IChannel, TopologyNames, Task> lose, string notice)
    {
        ClusterOptions cluster = fixture.Broker.Cluster(name);
        using var allowed = new SemaphoreSlim(0);
        int running = 0;
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 2, RunAsync);
        var notices = new ConcurrentQueue<string>();
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions { OnNotice = notices.Enqueue, AuditAge = AuditAge }, CancellationToken.None);
        Task<ClusterResult>[] results = [.. Enumerable.Range(1, Count).Select(n =>
            batch.RunAsync(new ClusterOperation($"{n}", Type, Encoding.UTF8.GetBytes($"{n}")), CancellationToken.None))];
        await Eventually.HoldsAsync(() => running == 2 && batch.Counts.Published == Count, "two of all to run");
        await UseAsync(cluster, lose);
        var watch = Stopwatch.StartNew();
        allowed.Release(Count * 2);
        ClusterResult[] all = await Task.WhenAll(results).WaitAsync(TimeSpan.FromMinutes(2));
        output.WriteLine($"{batch.Counts}; {running} starts; all results {watch.Elapsed.TotalSeconds:0.0} s after the queue was lost; {string.Join(" | ", notices)}");
        Assert.All(all, result => Assert.Equal((OperationStatus.Succeeded, result.OperationId), (result.Status, Encoding.UTF8.GetString(result.Output.Span))));
        Assert.Contains(notices, text => text.Contains(notice, StringComparison.Ordinal));
        await batch.CompleteAsync(CancellationToken.None);

        async ValueTask<byte[]> RunAsync(JsonElement input, CancellationToken token)
        {
            Interlocked.Increment(ref running);
            await allowed.WaitAsync(token);
            return Encoding.UTF8.GetBytes(input.GetRawText());
        }
    }

    private static async Task UseAsync(ClusterOptions cluster, Func<IChannel, TopologyNames, Task> use)
    {
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        await using IChannel channel = await connection.CreateChannelAsync();
        await use(channel, new TopologyNames(cluster.ClusterId));
    }
}

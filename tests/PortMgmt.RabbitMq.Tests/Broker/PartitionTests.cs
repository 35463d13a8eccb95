using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
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

/// <summary>Types whose operations wait in several queues.</summary>
[Collection(BrokerTests.Name)]
public sealed class PartitionTests(BrokerFixture fixture)
{
    private const string Type = "event";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly int[] Numbers = [2, 3, 4, 5];

    /// <summary>A room smaller than the number of partitions, so that takers have to go round.</summary>
    [Fact]
    public async Task Run_ManyOperations_EachIsInItsPartitionAndRunsOnce()
    {
        const int count = 60;
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-run");
        await MakeTypeAsync(cluster, 4);
        await using IClusterBatch batch = await OpenAsync(cluster);
        Task<ClusterResult>[] results = [.. Enumerable.Range(0, count).Select(n => RunAsync(batch, $"{n}"))];
        await Eventually.HoldsAsync(() => batch.Counts.Published == count, "all to be sent");
        ClusterQueue queue = await LookAsync(cluster);
        var layout = new TypeLayout(new TopologyNames(cluster.ClusterId), Type, 4);
        Assert.Equal([.. Enumerable.Range(0, 4).Select(partition => (long?)Enumerable.Range(0, count).Count(n => layout.PartitionOf($"{n}") == partition))], queue.WaitingByPartition);

        var runs = new ConcurrentQueue<string>();
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 2, (input, _) =>
        {
            runs.Enqueue(input.GetRawText());
            return ValueTask.FromResult(Encoding.UTF8.GetBytes(input.GetRawText()));
        });
        Assert.All(await Task.WhenAll(results), result => Assert.Equal(result.OperationId, Encoding.UTF8.GetString(result.Output.Span)));
        Assert.Equal(count, runs.Distinct().Count());
        Assert.Equal(count, runs.Count);
        await batch.CompleteAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(8, 1)]
    [InlineData(8, 4)]
    [InlineData(7, 64)]
    public async Task Open_AnotherNumberThanTheFirst_IsRefusedWithTheWayOut(int first, int later)
    {
        ClusterOptions cluster = fixture.Broker.Cluster($"partitions-{first}-{later}");
        await MakeTypeAsync(cluster, first);
        OperationException worker = await Assert.ThrowsAsync<OperationException>(() => MakeTypeAsync(cluster, later));
        Assert.Equal(OperationErrorCode.BrokerConflict, worker.Code);
        Assert.Contains($"give {first}, or none", worker.Message, StringComparison.Ordinal);
        var layout = new TypeLayout(new TopologyNames(cluster.ClusterId), Type, first);
        Assert.Contains("rabbitmqctl delete_queue " + layout.Marker, worker.Message, StringComparison.Ordinal);

        // Of this type alone: others may have names that begin in the same way.
        Assert.Equal(first > 1, worker.Message.Contains($"{layout.Queues[0]} to {layout.Queues[^1]},", StringComparison.Ordinal));

        await using IClusterBatch batch = await OpenAsync(cluster, later);
        OperationException submitter = await Assert.ThrowsAsync<OperationException>(() => RunAsync(batch, "1"));
        Assert.Equal((worker.Code, worker.Message), (submitter.Code, submitter.Message));
        Assert.Equal(first, (await LookAsync(cluster)).Partitions);
    }

    [Fact]
    public async Task Open_NoNumber_TakesTheOneThatIsThere()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-none");
        await MakeTypeAsync(cluster, 3);
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 3);
        await using IClusterBatch batch = await OpenAsync(cluster);
        await RunAsync(batch, "1");
        ClusterQueue queue = await LookAsync(cluster);
        Assert.Equal((3, 1, false), (queue.Partitions, queue.Workers, queue.IsMissing));
        await batch.CompleteAsync(CancellationToken.None);
    }

    /// <summary>The way out of the error, as it is written there.</summary>
    [Fact]
    public async Task Open_TheOldNumberRemoved_TakesTheNewOne()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-change");
        await MakeTypeAsync(cluster, 4);
        await RemoveAsync(cluster, 4);
        await MakeTypeAsync(cluster, 2);
        Assert.Equal(2, (await LookAsync(cluster)).Partitions);
        await RemoveAsync(cluster, 2);
        await MakeTypeAsync(cluster, 1);
        Assert.Equal(1, (await LookAsync(cluster)).Partitions);
        await UseAsync(cluster, (channel, names) => channel.QueueDeleteAsync(names.Work(Type)));
        await MakeTypeAsync(cluster, 3);
        Assert.Equal(3, (await LookAsync(cluster)).Partitions);
    }

    /// <summary>Under a submitter that waits: it finds the new queues, and sends again.</summary>
    [Theory]
    [InlineData(3, 2)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    public async Task Change_NumberInMidBatch_TheSubmitterFollows(int first, int later)
    {
        ClusterOptions cluster = fixture.Broker.Cluster($"partitions-follow-{first}-{later}");
        await MakeTypeAsync(cluster, first);
        await using IClusterBatch batch = await OpenAsync(cluster, auditAge: TimeSpan.FromMilliseconds(500));
        Task<ClusterResult>[] results = [.. Enumerable.Range(0, 6).Select(n => RunAsync(batch, $"{n}"))];
        await Eventually.HoldsAsync(() => batch.Counts.Published == results.Length, "all to be sent");
        await RemoveAsync(cluster, first);
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 2, change: options => options with { Partitions = later });
        Assert.All(await Task.WhenAll(results), result => Assert.Equal(OperationStatus.Succeeded, result.Status));
        await batch.CompleteAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Open_TwoAtOnceWithDifferentNumbers_OneDecides()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-race");
        Task<Exception?>[] all = [.. Numbers.Select(partitions => Record.ExceptionAsync(() => MakeTypeAsync(cluster, partitions)).AsTask())];
        Exception?[] ends = await Task.WhenAll(all);
        int winner = 2 + Assert.Single(Enumerable.Range(0, Numbers.Length), i => ends[i] is null);
        Assert.All(ends.OfType<OperationException>(), e => Assert.Contains($"give {winner}, or none", e.Message, StringComparison.Ordinal));
        Assert.Equal(winner, (await LookAsync(cluster)).Partitions);
    }

    [Fact]
    public async Task Open_TypeNamedAsAPartition_IsRefusedWhicheverCameFirst()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-named");
        await MakeTypeAsync(cluster, 2);
        OperationException later = await Assert.ThrowsAsync<OperationException>(() => MakeTypeAsync(cluster, null, Type + ".1"));
        Assert.Equal(OperationErrorCode.BrokerConflict, later.Code);
        await using IClusterBatch batch = await OpenAsync(cluster);
        OperationException notFound = await Assert.ThrowsAsync<OperationException>(() => RunAsync(batch, "1", Type + ".1"));
        Assert.Equal(OperationErrorCode.TypeNotFound, notFound.Code);

        // One beyond the last is free, and what only looks like a number, and so is any name behind a type of one partition.
        await MakeTypeAsync(cluster, null, Type + ".2");
        await using (await LocalNode.StartAsync(cluster, Type + ".01", 1))
        {
            Assert.Equal(OperationStatus.Succeeded, (await RunAsync(batch, "1", Type + ".01")).Status);
        }

        await MakeTypeAsync(cluster, null, "plain");
        await MakeTypeAsync(cluster, null, "plain.0");
        OperationException first = await Assert.ThrowsAsync<OperationException>(() => MakeTypeAsync(cluster, 4, "plain"));
        Assert.Equal(OperationErrorCode.BrokerConflict, first.Code);
        await MakeTypeAsync(cluster, null, "other.0");
        first = await Assert.ThrowsAsync<OperationException>(() => MakeTypeAsync(cluster, 2, "other"));
        Assert.Equal(OperationErrorCode.BrokerConflict, first.Code);
    }

    /// <summary>Operations of a minute each must not wait behind each other while there is room.</summary>
    [Fact]
    public async Task Take_AllIsInOnePartition_FillsTheRoomAndNoMore()
    {
        const int room = 4;
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-room");
        var allowed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int running = 0;
        await using LocalNode node = await LocalNode.StartAsync(
            cluster, Type, room,
            async (_, token) =>
            {
                Interlocked.Increment(ref running);
                await allowed.Task.WaitAsync(token);
                return "null"u8.ToArray();
            },
            options => options with { Partitions = room });
        await using IClusterBatch batch = await OpenAsync(cluster);
        string[] ids = [.. IdsOf(cluster, room, partition: 1).Take(10), .. IdsOf(cluster, room, partition: 2).Take(10)];
        Task<ClusterResult>[] results = Array.ConvertAll(ids[..10], id => RunAsync(batch, id));
        await Eventually.HoldsAsync(() => Volatile.Read(ref running) == room, "the whole room to be in use");
        results = [.. results, .. ids[10..].Select(id => RunAsync(batch, id))];
        await Eventually.HoldsAsync(async () => (await LookAsync(cluster)).Waiting == ids.Length - room, "all others to wait at the broker");
        allowed.SetResult();
        await Task.WhenAll(results);
        Assert.Equal(ids.Length, running);
        await batch.CompleteAsync(CancellationToken.None);
    }

    /// <summary>A worker with room for one, and a partition in which there is always more.</summary>
    [Fact]
    public async Task Take_OnePartitionNeverEnds_TheOthersDoNotStarve()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-fair");
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 1, change: options => options with { Partitions = 3 });
        await using IClusterBatch batch = await OpenAsync(cluster);
        using var stop = new CancellationTokenSource();
        string[] busy = [.. IdsOf(cluster, 3, partition: 0).Take(50)];
        Task[] flood = Array.ConvertAll(busy, async id =>
        {
            for (int n = 0; !stop.IsCancellationRequested; n++)
            {
                await RunAsync(batch, id);
            }
        });
        await Eventually.HoldsAsync(() => batch.Counts.Published >= busy.Length, "the flood to begin");
        await Task.WhenAll(IdsOf(cluster, 3, partition: 1).Take(3).Concat(IdsOf(cluster, 3, partition: 2).Take(3)).Select(id => RunAsync(batch, id)));
        await stop.CancelAsync();
        await Task.WhenAll(flood);
        await batch.CompleteAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("partition")]
    [InlineData("number")]
    public async Task Delete_InMidBatch_IsMadeAgainAndNothingIsLost(string what)
    {
        const int count = 24;
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-lose-" + what);
        using var allowed = new SemaphoreSlim(0);
        int running = 0;
        await using LocalNode node = await LocalNode.StartAsync(
            cluster, Type, 2,
            async (input, token) =>
            {
                Interlocked.Increment(ref running);
                await allowed.WaitAsync(token);
                return Encoding.UTF8.GetBytes(input.GetRawText());
            },
            options => options with { Partitions = 3 });
        await using IClusterBatch batch = await OpenAsync(cluster, auditAge: TimeSpan.FromMilliseconds(500));
        Task<ClusterResult>[] results = [.. Enumerable.Range(0, count).Select(n => RunAsync(batch, $"{n}"))];
        await Eventually.HoldsAsync(() => Volatile.Read(ref running) == 2 && batch.Counts.Published == count, "two of all to run");
        await UseAsync(cluster, (channel, names) => channel.QueueDeleteAsync(what == "number" ? names.Partitions(Type, 3) : names.Work(Type, 2)));
        allowed.Release(count * 3);
        Assert.All(await Task.WhenAll(results), result => Assert.Equal((OperationStatus.Succeeded, result.OperationId), (result.Status, Encoding.UTF8.GetString(result.Output.Span))));
        await Eventually.HoldsAsync(async () => await LookAsync(cluster) is { Partitions: 3, IsMissing: false, Workers: 1 }, "all queues to be there again");
        await batch.CompleteAsync(CancellationToken.None);
    }

    /// <summary>A worker has made some of the queues, or one was deleted, when a submitter comes.</summary>
    [Fact]
    public async Task Run_APartitionIsNotThereYet_WaitsForItAndIsRun()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-part");
        await MakeTypeAsync(cluster, 3);
        await UseAsync(cluster, (channel, names) => channel.QueueDeleteAsync(names.Work(Type, 1)));
        await using IClusterBatch batch = await OpenAsync(cluster, auditAge: TimeSpan.FromMilliseconds(500));
        Task<ClusterResult>[] results = [.. Enumerable.Range(0, 12).Select(n => RunAsync(batch, $"{n}"))];
        await Eventually.HoldsAsync(() => batch.Counts.Published > 0, "those whose queue is there to be sent");
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 2);
        Assert.All(await Task.WhenAll(results), result => Assert.Equal(OperationStatus.Succeeded, result.Status));
        await batch.CompleteAsync(CancellationToken.None);
    }

    /// <summary>An operator deletes the queue of the number, and nothing else, while operations wait and nobody is there.</summary>
    [Fact]
    public async Task Open_OnlyTheNumberIsGone_IsToldByThePartitionsAndNothingIsLost()
    {
        const int count = 12;
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-number");
        await MakeTypeAsync(cluster, 3);
        await using IClusterBatch batch = await OpenAsync(cluster);
        Task<ClusterResult>[] results = [.. Enumerable.Range(0, count).Select(n => RunAsync(batch, $"{n}"))];
        await Eventually.HoldsAsync(() => batch.Counts.Published == count, "all to be sent");
        await UseAsync(cluster, (channel, names) => channel.QueueDeleteAsync(names.Partitions(Type, 3)));

        ClusterQueue queue = await LookAsync(cluster);
        Assert.Equal((3, true, count), (queue.Partitions, queue.IsMissing, (int)queue.Waiting));
        foreach (int other in (int[])[1, 2, 4])
        {
            OperationException refused = await Assert.ThrowsAsync<OperationException>(() => MakeTypeAsync(cluster, other));
            Assert.Equal(OperationErrorCode.BrokerConflict, refused.Code);
            Assert.Contains("was deleted. It has 3 by those that are there", refused.Message, StringComparison.Ordinal);
            Assert.Contains("give 3, or none", refused.Message, StringComparison.Ordinal);
        }

        // Whoever comes to submit is told, and sends to where the others are.
        var notices = new ConcurrentQueue<string>();
        await using IClusterBatch later = await OpenAsync(cluster, onNotice: notices.Enqueue);
        Task<ClusterResult> one = RunAsync(later, "0");
        await Eventually.HoldsAsync(() => later.Counts.Published == 1, "the one to be sent");
        Assert.Contains("was deleted. It has 3", Assert.Single(notices), StringComparison.Ordinal);

        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 2, change: options => options with { OnNotice = notices.Enqueue });
        Assert.Contains("is made again, with 3", notices.Last(), StringComparison.Ordinal);
        Assert.All(await Task.WhenAll([.. results, one]), result => Assert.Equal(OperationStatus.Succeeded, result.Status));
        queue = await LookAsync(cluster);
        Assert.Equal((3, false), (queue.Partitions, queue.IsMissing));
        await batch.CompleteAsync(CancellationToken.None);
        await later.CompleteAsync(CancellationToken.None);
    }

    /// <summary>A type of its own that is called as a partition would be is not taken for one.</summary>
    [Fact]
    public async Task Open_TheNumberIsGoneAndATypeHasTheNextName_IsNotCounted()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-next");
        await MakeTypeAsync(cluster, 2);
        await MakeTypeAsync(cluster, null, Type + ".2");
        await UseAsync(cluster, (channel, names) => channel.QueueDeleteAsync(names.Partitions(Type, 2)));
        Assert.Equal(2, (await LookAsync(cluster)).Partitions);
        await MakeTypeAsync(cluster, null);
        Assert.False((await LookAsync(cluster)).IsMissing);

        // And it is refused before anything is made of a type that would need its name.
        await RemoveAsync(cluster, 2);
        OperationException refused = await Assert.ThrowsAsync<OperationException>(() => MakeTypeAsync(cluster, 4));
        Assert.Contains($"'{Type}.2', and that is a type of its own", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await LookAsync(cluster)).Partitions);
        await MakeTypeAsync(cluster, 2);
    }

    /// <summary>A worker that has served the type with a number is there when the last partition goes with it.</summary>
    [Fact]
    public async Task Delete_TheNumberAndTheLastPartitionUnderAWorker_BothAreMadeAgain()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("partitions-last");
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 1, change: options => options with { Partitions = 3 });
        await UseAsync(cluster, async (channel, names) =>
        {
            await channel.QueueDeleteAsync(names.Work(Type, 2));
            await channel.QueueDeleteAsync(names.Partitions(Type, 3));
        });
        await Eventually.HoldsAsync(async () => await LookAsync(cluster) is { Partitions: 3, IsMissing: false, Workers: 1 }, "all queues to be there again");
    }

    private static async Task RemoveAsync(ClusterOptions cluster, int partitions)
    {
        var layout = new TypeLayout(new TopologyNames(cluster.ClusterId), Type, partitions);
        foreach (string queue in layout.Queues.Append(layout.Marker).Distinct())
        {
            await UseAsync(cluster, (channel, _) => channel.QueueDeleteAsync(queue));
        }
    }

    private static IEnumerable<string> IdsOf(ClusterOptions cluster, int partitions, int partition)
    {
        var layout = new TypeLayout(new TopologyNames(cluster.ClusterId), Type, partitions);
        return Enumerable.Range(0, int.MaxValue).Select(n => n.ToString(CultureInfo.InvariantCulture)).Where(id => layout.PartitionOf(id) == partition);
    }

    private static async Task MakeTypeAsync(ClusterOptions cluster, int? partitions, string type = Type)
    {
        await using LocalNode node = await LocalNode.StartAsync(cluster, type, 1, change: options => options with { Partitions = partitions });
    }

    private static Task<IClusterBatch> OpenAsync(ClusterOptions cluster, int? partitions = null, TimeSpan? auditAge = null, Action<string>? onNotice = null) => new RabbitMqTransport()
        .OpenBatchAsync(cluster, new ClusterBatchOptions { Partitions = partitions, AuditAge = auditAge, GoneTime = Deadline, OnNotice = onNotice }, CancellationToken.None);

    private static Task<ClusterResult> RunAsync(IClusterBatch batch, string id, string type = Type) =>
        batch.RunAsync(new ClusterOperation(id, type, Encoding.UTF8.GetBytes(id)), CancellationToken.None).WaitAsync(Deadline);

    private static async Task<ClusterQueue> LookAsync(ClusterOptions cluster) =>
        Assert.Single(await new RabbitMqTransport().GetQueuesAsync(cluster, [Type], CancellationToken.None));

    private static async Task UseAsync(ClusterOptions cluster, Func<IChannel, TopologyNames, Task> use)
    {
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        await using IChannel channel = await connection.CreateChannelAsync();
        await use(channel, new TopologyNames(cluster.ClusterId));
    }
}

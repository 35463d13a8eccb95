using System.Globalization;
using System.Text;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Fuzz;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Fuzz;

/// <summary>Messages that nobody of ours wrote, in every queue, on a real broker, with an ordinary operation behind them.</summary>
[Collection(BrokerTests.Name)]
public sealed class HostileMessageTests(BrokerFixture fixture, ITestOutputHelper output)
{
    private const string Type = "job";
    private const int PerRound = 20;

    [Fact]
    public async Task Queues_AnyMessages_AreRunOrADeadLetterOnceAndHinderNobody()
    {
        int rounds = Math.Max(5, FuzzScale.Inputs / 400);
        ClusterOptions cluster = fixture.Broker.Cluster("hostile");
        var names = new TopologyNames(cluster.ClusterId);
        int runs = 0;
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 4, (_, _) =>
        {
            Interlocked.Increment(ref runs);
            return ValueTask.FromResult("null"u8.ToArray());
        });
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions { BatchId = "batch" }, CancellationToken.None);
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        string[] queues = [names.Work(Type), names.Work(Type), names.Suspect(Type), names.Exhausted(Type), names.Results(batch.Id)];
        int toRun = 0;
        int ordinary = 0;
        for (int round = 1; round <= rounds; round++)
        {
            var messages = new HostileMessages(round, Type);
            for (int i = 0; i < PerRound; i++)
            {
                (BasicProperties properties, byte[] body) = messages.Next();
                string queue = queues[i % queues.Length];
                toRun += await TryPublishAsync(cluster, queue, properties, body) && queue != names.Results(batch.Id) ? 1 : 0;
            }

            ClusterResult result = await batch.RunAsync(new ClusterOperation($"good-{++ordinary}", Type, "1"u8.ToArray()), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(OperationStatus.Succeeded, result.Status);
        }

        // Each was run, or is a letter with its reason, once; the same id may have been run and be a repeat.
        long letters = 0;
        await Eventually.HoldsAsync(async () => (letters = (await QueueProbe.CountAsync(connection, names.Dead(Type), CancellationToken.None))!.MessageCount) + runs - ordinary >= toRun - Repeats(rounds), "all to be run or a dead letter");
        output.WriteLine($"{toRun} hostile messages: {runs - ordinary} were run, {letters} are dead letters; {ordinary} ordinary operations behind them; {batch.Counts}");
        Assert.Equal(Math.Min(letters, 2000), await CountAsync(cluster));
        Assert.InRange(letters + runs - ordinary, toRun - Repeats(rounds), toRun);
        Assert.Equal(0, batch.Counts.Reconnects);
    }

    [Fact]
    public async Task Take_DeliveryCountOfAnyType_BlocksNoPlace()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("hostile-count");
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 1);
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions { BatchId = "batch" }, CancellationToken.None);
        var values = new HostileMessages(7, Type);
        for (int n = 0; n < 60; n++)
        {
            var properties = new BasicProperties
            {
                MessageId = $"batch/{n}",
                Type = Type,
                ContentType = OperationMessages.ContentType,
                Headers = new Dictionary<string, object?> { ["x-delivery-count"] = values.MakeValue() },
            };
            await TryPublishAsync(cluster, new TopologyNames(cluster.ClusterId).Work(Type), properties, Encoding.UTF8.GetBytes($"{n}"));
        }

        // They are operations like others, so each has its result.
        for (int n = 0; n < 60; n++)
        {
            ClusterResult result = await batch.RunAsync(new ClusterOperation(n.ToString(CultureInfo.InvariantCulture), Type, Encoding.UTF8.GetBytes($"{n}")), CancellationToken.None)
                .WaitAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(OperationStatus.Succeeded, result.Status);
        }
    }

    [Fact]
    public async Task Take_MessageBeyondWhatTheClientTakesUnasked_IsADeadLetterOnce()
    {
        const int size = 70 << 20;
        ClusterOptions cluster = fixture.Broker.Cluster("hostile-large");
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 2);
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions { BatchId = "batch" }, CancellationToken.None);
        var names = new TopologyNames(cluster.ClusterId);
        await using (IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None))
        {
            await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
            byte[] body = new byte[size];
            var properties = new BasicProperties { MessageId = "batch/1", Type = Type, ContentType = OperationMessages.ContentType };
            await channel.BasicPublishAsync("", names.Work(Type), mandatory: true, properties, body);
            await channel.BasicPublishAsync("", names.Results(batch.Id), mandatory: true, new BasicProperties { MessageId = "x", Type = ResultMessages.ResultsType }, body);
        }

        ClusterResult failed = await batch.RunAsync(new ClusterOperation("1", Type, "1"u8.ToArray()), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(OperationErrorCode.MessageInvalid, failed.ErrorCode);
        Assert.Contains($"{size} bytes", failed.Error, StringComparison.Ordinal);
        ClusterResult good = await batch.RunAsync(new ClusterOperation("2", Type, "2"u8.ToArray()), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(OperationStatus.Succeeded, good.Status);
        Assert.Equal(1, await CountAsync(cluster));
        Assert.Equal(0, batch.Counts.Reconnects);
    }

    // What has the id of an operation that was run already is answered from the node's cache, and does not run.
    private static int Repeats(int rounds) => rounds * PerRound / 4;

    // The broker itself refuses some, and ends the connection for it.
    private static async Task<bool> TryPublishAsync(ClusterOptions cluster, string queue, BasicProperties properties, byte[] body)
    {
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        try
        {
            await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
            await channel.BasicPublishAsync("", queue, mandatory: true, properties, body);
            return true;
        }
        catch (Exception e) when (e is OperationInterruptedException or AlreadyClosedException)
        {
            return false;
        }
    }

    private static async Task<long> CountAsync(ClusterOptions cluster)
    {
        long count = 0;
        await using IFailedOperations letters = await new RabbitMqTransport().OpenFailedAsync(cluster, Type, CancellationToken.None);
        while (await letters.ReadAsync(CancellationToken.None) is { } letter)
        {
            Assert.NotEmpty(letter.Error);
            count++;
        }

        return count;
    }
}

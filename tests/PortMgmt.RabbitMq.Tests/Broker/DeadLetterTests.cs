using System.Globalization;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

[Collection(BrokerTests.Name)]
public sealed class DeadLetterTests(BrokerFixture fixture)
{
    private const string Type = "job";

    [SkippableFact]
    public async Task Read_LetterThatCameAfterAnotherLooked_IsSeen()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("dead-later");
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 1);
        await using IFailedOperations early = await new RabbitMqTransport().OpenFailedAsync(cluster, Type, CancellationToken.None);
        await PublishAsync(cluster, 1);

        Assert.Equal(["0"], await ReadAllAsync(cluster));
        Assert.Null(await early.ReadAsync(CancellationToken.None));
    }

    [SkippableFact]
    public async Task Read_Again_AllAreInTheirPlace()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("dead-many");
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 1);
        await PublishAsync(cluster, 1_000);

        string[] all = [.. Enumerable.Range(0, 1_000).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        Assert.Equal(all, await ReadAllAsync(cluster));
        Assert.Equal(all, await ReadAllAsync(cluster));
    }

    private static async Task PublishAsync(ClusterOptions cluster, int count)
    {
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        string queue = new TopologyNames(cluster.ClusterId).Dead(Type);
        for (int i = 0; i < count; i++)
        {
            var properties = new BasicProperties { MessageId = $"batch/{i}", Type = Type, ContentType = OperationMessages.ContentType };
            await channel.BasicPublishAsync("", queue, mandatory: true, properties, "1"u8.ToArray());
        }
    }

    private static async Task<List<string?>> ReadAllAsync(ClusterOptions cluster)
    {
        var ids = new List<string?>();
        await using IFailedOperations letters = await new RabbitMqTransport().OpenFailedAsync(cluster, Type, CancellationToken.None);
        while (await letters.ReadAsync(CancellationToken.None) is { } letter)
        {
            ids.Add(letter.OperationId);
        }

        return ids;
    }
}

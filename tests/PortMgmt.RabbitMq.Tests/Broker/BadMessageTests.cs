using System.Text;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.TestKit;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

[Collection(BrokerTests.Name)]
public sealed class BadMessageTests(BrokerFixture fixture, ITestOutputHelper output)
{
    private const string Type = "job";

    public static TheoryData<string, string, string, string, int, string> Messages => new()
    {
        { "code", "batch/1", Type, "application/clixml", 0, "never code" },
        { "type", "batch/1", "other", OperationMessages.ContentType, 0, "the queue of 'job'" },
        { "json", "batch/1", Type, OperationMessages.ContentType, -1, "not one JSON value" },
        { "id", "no batch and no id", Type, OperationMessages.ContentType, 0, "its message id" },
        { "large", "batch/1", Type, OperationMessages.ContentType, 10 << 20, "the most" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task Take_MessageThatIsNoOperation_IsADeadLetterAndNotRun(string name, string id, string type, string contentType, int length, string reason)
    {
        ClusterOptions cluster = fixture.Broker.Cluster("bad-" + name);
        int runs = 0;
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 4, (_, _) =>
        {
            Interlocked.Increment(ref runs);
            return ValueTask.FromResult("null"u8.ToArray());
        });
        string body = length > 0 ? "\"" + new string('x', length) + "\"" : length == 0 ? "{\"n\":1}" : "{ this is not ours";
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions { BatchId = "batch" }, CancellationToken.None);
        await PublishAsync(cluster, new BasicProperties { MessageId = id, Type = type, ContentType = contentType }, body);

        FailedOperation letter = await ReadOneAsync(cluster);
        output.WriteLine(letter.Error);
        Assert.Contains(reason, letter.Error, StringComparison.Ordinal);
        Assert.Equal(nameof(OperationErrorCode.MessageInvalid), letter.ErrorCode);
        Assert.False(letter.CanReplay);
        Assert.Equal(Math.Min(body.Length, ClusterLimits.MaxInputBytes), letter.Input.Length);
        Assert.Equal(0, runs);

        // Whoever waits for it has its failure; and the node goes on.
        if (id == "batch/1")
        {
            ClusterResult failed = await batch.RunAsync(new ClusterOperation("1", Type, "1"u8.ToArray()), CancellationToken.None);
            Assert.Equal((OperationStatus.Failed, OperationErrorCode.MessageInvalid), (failed.Status, failed.ErrorCode));
        }

        ClusterResult good = await batch.RunAsync(new ClusterOperation("2", Type, "2"u8.ToArray()), CancellationToken.None);
        Assert.Equal(OperationStatus.Succeeded, good.Status);
    }

    [Fact]
    public async Task Run_InputThatLooksLikeCode_IsDataAndNoMore()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("looks");
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 1);
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions(), CancellationToken.None);
        const string input = """{"$type":"System.Diagnostics.Process","ScriptBlock":"{ Stop-Computer }","script":"rm -rf /"}""";
        ClusterResult result = await batch.RunAsync(new ClusterOperation("1", Type, Encoding.UTF8.GetBytes(input)), CancellationToken.None);
        Assert.Equal(input, Encoding.UTF8.GetString(result.Output.Span));
    }

    [Fact]
    public async Task Run_TenMegabytes_AreRefusedBeforeTheyAreSent()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("ten");
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 1, (input, _) => ValueTask.FromResult(Encoding.UTF8.GetBytes($"\"{new string('y', input.GetInt32())}\"")));
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions(), CancellationToken.None);
        var large = new ClusterOperation("1", Type, new byte[10 << 20]);
        OperationException refused = await Assert.ThrowsAsync<OperationException>(() => batch.RunAsync(large, CancellationToken.None));
        Assert.Equal(OperationErrorCode.InputTooLarge, refused.Code);

        ClusterResult output = await batch.RunAsync(new ClusterOperation("2", Type, "10485760"u8.ToArray()), CancellationToken.None);
        Assert.Equal((OperationStatus.Failed, OperationErrorCode.OutputTooLarge), (output.Status, output.ErrorCode));
    }

    private static async Task PublishAsync(ClusterOptions cluster, BasicProperties properties, string body)
    {
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.BasicPublishAsync("", new TopologyNames(cluster.ClusterId).Work(Type), mandatory: true, properties, Encoding.UTF8.GetBytes(body));
    }

    private static async Task<FailedOperation> ReadOneAsync(ClusterOptions cluster)
    {
        FailedOperation? letter = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                await using IFailedOperations letters = await new RabbitMqTransport().OpenFailedAsync(cluster, Type, CancellationToken.None);
                letter = await letters.ReadAsync(CancellationToken.None);
                return letter is not null;
            },
            "a dead letter");
        return letter!;
    }
}

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

namespace PortMgmt.RabbitMq.Tests.Fuzz;

/// <summary>A message that the broker takes and its client for .NET cannot read: what docs/security.md says of it.</summary>
[Collection(BrokerTests.Name)]
public sealed class UnreadableMessageTests(BrokerFixture fixture, ITestOutputHelper output)
{
    private const string Type = "job";

    [Fact]
    public async Task Take_HeaderThatTheClientCannotRead_EndsConnectionsUntilTheQueueIsDeleted()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("unreadable");
        var names = new TopologyNames(cluster.ClusterId);
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 2);
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions { BatchId = "batch" }, CancellationToken.None);
        Assert.Equal(OperationStatus.Succeeded, (await RunAsync(batch, "1")).Status);
        Assert.Equal(0, batch.Counts.Reconnects);

        // A decimal of 29 places, which no .NET program can write. This queue has no limit: workers and submitters take from it.
        await fixture.Broker.EvaluateAsync($$$"""
            rabbit_basic:publish(rabbit_misc:r(<<"/">>, exchange, <<"">>), <<"{{{names.Exhausted(Type)}}}">>,
                [{headers, [{<<"d">>, decimal, {29, 1}}]}, {message_id, <<"batch/2">>}, {type, <<"{{{Type}}}">>}, {content_type, <<"application/json">>}, {delivery_mode, 2}],
                <<"2">>).
            """);
        await Eventually.HoldsAsync(() => batch.Counts.Reconnects >= 1, "it to end the submitter's connection");
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        await using (IChannel channel = await connection.CreateChannelAsync())
        {
            await channel.QueueDeleteAsync(names.Exhausted(Type));
        }

        ClusterResult good = await RunAsync(batch, "3");
        output.WriteLine($"{batch.Counts}");
        Assert.Equal(OperationStatus.Succeeded, good.Status);
        await Eventually.HoldsAsync(async () => await QueueProbe.ExistsAsync(connection, names.Exhausted(Type), CancellationToken.None), "the queue to be there again");
        await batch.CompleteAsync(CancellationToken.None);
    }

    private static Task<ClusterResult> RunAsync(IClusterBatch batch, string id) =>
        batch.RunAsync(new ClusterOperation(id, Type, Encoding.UTF8.GetBytes(id)), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
}

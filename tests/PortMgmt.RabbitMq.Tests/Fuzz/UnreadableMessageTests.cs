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

/// <summary>Messages that the broker takes and its client for .NET cannot read. No .NET program can write them, so the broker does.</summary>
[Collection(BrokerTests.Name)]
public sealed class UnreadableMessageTests(BrokerFixture fixture)
{
    private const string Type = "job";

    /// <summary>A header that ends the connection of whoever reads it, and one that ends the process.</summary>
    [Theory]
    [InlineData("decimal", "{<<\"d\">>, decimal, {29, 1}}")]
    [InlineData("deep", "{<<\"a\">>, array, [lists:foldl(fun(_, Inner) -> {array, [Inner]} end, {void, undefined}, lists:seq(1, 20000))]}")]
    [InlineData("decimal-tls", "{<<\"d\">>, decimal, {29, 1}}", true)]
    public async Task Take_HeaderThatTheClientCannotRead_IsLeftOutAndHindersNobody(string what, string header, bool usesTls = false)
    {
        ClusterOptions cluster = fixture.Broker.Cluster("unreadable-" + what);
        if (usesTls)
        {
            cluster = cluster with { Broker = BrokerAddress.Parse($"amqps://127.0.0.1:{fixture.Broker.TlsPort}"), CaCertificate = fixture.Broker.Certificates.AuthorityFile };
        }

        var names = new TopologyNames(cluster.ClusterId);
        int runs = 0;
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 2, (_, _) =>
        {
            Interlocked.Increment(ref runs);
            return ValueTask.FromResult("null"u8.ToArray());
        });
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions { BatchId = "batch" }, CancellationToken.None);
        Assert.Equal(OperationStatus.Succeeded, (await RunAsync(batch, "1")).Status);

        // Where submitters may write: the work, with a body of many frames, and everybody's questions and results. And where there is no limit to how often it comes.
        await PublishAsync(names.OperationsExchange, Type, header, "<<34, (binary:copy(<<120>>, 1000000))/binary, 34>>");
        await PublishAsync(names.NotesExchange, batch.Id, header);
        await PublishAsync(names.AskExchange, "", header);
        await PublishAsync("", names.Exhausted(Type), header);
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        await Eventually.HoldsAsync(() => Volatile.Read(ref runs) == 2, "the one in the queue of work to run");
        await Eventually.HoldsAsync(async () => (await QueueProbe.CountAsync(connection, names.Dead(Type), CancellationToken.None))!.MessageCount == 1, "the one that was given up to be a dead letter");
        Assert.Equal(OperationStatus.Succeeded, (await RunAsync(batch, "3")).Status);
        Assert.Equal(0, batch.Counts.Reconnects);
        await Eventually.HoldsAsync(async () => (await new RabbitMqTransport().GetNodesAsync(cluster, TimeSpan.FromMilliseconds(500), CancellationToken.None)).Count == 1, "the node to answer questions");
        await batch.CompleteAsync(CancellationToken.None);
    }

    private Task<string> PublishAsync(string exchange, string key, string header, string body = "<<50>>") => fixture.Broker.EvaluateAsync($$$"""
        rabbit_basic:publish(rabbit_misc:r(<<"/">>, exchange, <<"{{{exchange}}}">>), <<"{{{key}}}">>,
            [{headers, [{{{header}}}]}, {message_id, <<"batch/2">>}, {type, <<"{{{Type}}}">>}, {content_type, <<"application/json">>}, {delivery_mode, 2}],
            {{{body}}}).
        """);

    private static Task<ClusterResult> RunAsync(IClusterBatch batch, string id) =>
        batch.RunAsync(new ClusterOperation(id, Type, Encoding.UTF8.GetBytes(id)), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
}

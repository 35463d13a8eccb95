using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Batches;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

[Collection(BrokerTests.Name)]
public sealed class KnownTypesTests(BrokerFixture fixture)
{
    private const string Type = "job";

    [Fact]
    public async Task Require_ConnectionIsLost_WaitsForTheNext()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("known");
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 1);
        await using var publisher = new Publisher(() => { }, TimeProvider.System);
        using var types = new KnownTypes(new TopologyNames(cluster.ClusterId), publisher, cluster, partitions: null);
        await using IConnection lost = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        await types.AttachAsync(lost, CancellationToken.None);
        await lost.CloseAsync();

        Task required = types.RequireAsync(Type, CancellationToken.None);
        await using IConnection next = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        types.Detach();
        await types.AttachAsync(next, CancellationToken.None);

        await required.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.NotNull(types.Find(Type));
    }

    [Fact]
    public async Task Require_ConnectionIsLostForGood_SaysWhy()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("known-lost");
        await using var publisher = new Publisher(() => { }, TimeProvider.System);
        using var types = new KnownTypes(new TopologyNames(cluster.ClusterId), publisher, cluster, partitions: null);
        await using IConnection lost = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None);
        await types.AttachAsync(lost, CancellationToken.None);
        await lost.CloseAsync();

        Task required = types.RequireAsync(Type, CancellationToken.None);
        types.Detach();
        types.Fail(new OperationException(OperationErrorCode.BrokerUnreachable, "It is gone."));

        OperationException failure = await Assert.ThrowsAsync<OperationException>(() => required.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal("It is gone.", failure.Message);
    }
}

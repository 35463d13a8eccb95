using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

[Collection(BrokerTests.Name)]
public sealed class ConnectionTests(BrokerFixture fixture)
{
    private const string Secret = "s3cret-of-nobody";

    [SkippableFact]
    public async Task Verify_WrongPassword_IsRefusedWithoutShowingIt() => await AssertRefusedAsync(
        BrokerAddress.Parse($"amqp://guest:{Secret}@127.0.0.1:{fixture.Broker.Port}"), OperationErrorCode.BrokerAccessDenied, "refuses the login");

    [SkippableFact]
    public async Task Verify_WrongVirtualHost_IsRefused() => await AssertRefusedAsync(
        BrokerAddress.Parse($"amqp://127.0.0.1:{fixture.Broker.Port}/nowhere"), OperationErrorCode.BrokerAccessDenied, "virtual host 'nowhere'");

    [Fact]
    public async Task Verify_NoBroker_IsUnreachable() => await AssertRefusedAsync(
        BrokerAddress.Parse($"amqp://guest:{Secret}@127.0.0.1:1"), OperationErrorCode.BrokerUnreachable, "amqp://127.0.0.1:1");

    [SkippableFact]
    public async Task Verify_TlsWithTrustedAuthority_Works() =>
        await new RabbitMqTransport().VerifyAsync(Tls() with { CaCertificate = fixture.Broker.Certificates.AuthorityFile }, CancellationToken.None);

    [SkippableFact]
    public async Task Verify_TlsWithUnknownAuthority_IsRefused()
    {
        OperationException refused = await Assert.ThrowsAsync<OperationException>(() => new RabbitMqTransport().VerifyAsync(Tls(), CancellationToken.None));
        Assert.Equal(OperationErrorCode.BrokerUnreachable, refused.Code);
        Assert.Contains("No secure connection", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Verify_TlsWithAnotherName_IsRefused()
    {
        // The authority vouches for the address 127.0.0.1, and for no name.
        ClusterOptions other = fixture.Broker.Cluster("tls") with
        {
            Broker = BrokerAddress.Parse($"amqps://localhost:{fixture.Broker.TlsPort}"),
            CaCertificate = fixture.Broker.Certificates.AuthorityFile,
        };
        OperationException refused = await Assert.ThrowsAsync<OperationException>(() => new RabbitMqTransport().VerifyAsync(other, CancellationToken.None));
        Assert.Equal(OperationErrorCode.BrokerUnreachable, refused.Code);
    }

    [SkippableFact]
    public async Task OpenInbox_QueueOfAnotherKind_IsAConflict()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("conflict");
        await using (IConnection connection = await BrokerConnector.ConnectAsync(cluster, "test", CancellationToken.None))
        {
            await using IChannel channel = await connection.CreateChannelAsync();
            await channel.QueueDeclareAsync(new TopologyNames("conflict").Work("job"), durable: true, exclusive: false, autoDelete: false);
        }

        OperationException conflict = await Assert.ThrowsAsync<OperationException>(() => LocalNode.StartAsync(cluster, "job", 1));
        Assert.Equal(OperationErrorCode.BrokerConflict, conflict.Code);
    }

    [SkippableFact]
    public async Task Run_TypeThatNobodyServes_IsNotFound()
    {
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(fixture.Broker.Cluster("nobody"), new ClusterBatchOptions(), CancellationToken.None);
        OperationException failure = await Assert.ThrowsAsync<OperationException>(() => batch.RunAsync(new ClusterOperation("1", "nobody", "1"u8.ToArray()), CancellationToken.None));
        Assert.Equal(OperationErrorCode.TypeNotFound, failure.Code);
    }

    [SkippableFact]
    public async Task OpenInbox_Twice_ChangesNothing()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("again");
        await using LocalNode first = await LocalNode.StartAsync(cluster, "job", 1);
        await using LocalNode second = await LocalNode.StartAsync(cluster, "job", 1);
        IReadOnlyList<ClusterNode> nodes = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                nodes = await new RabbitMqTransport().GetNodesAsync(cluster, TimeSpan.FromMilliseconds(300), CancellationToken.None);
                return nodes.Sum(node => node.Workers.Count) >= 2;
            },
            "answers of both workers");
        Assert.Equal(2, Assert.Single(nodes).Workers.Count);
    }

    private ClusterOptions Tls() => fixture.Broker.Cluster("tls") with { Broker = BrokerAddress.Parse($"amqps://127.0.0.1:{fixture.Broker.TlsPort}") };

    private static async Task AssertRefusedAsync(BrokerAddress broker, OperationErrorCode code, string words)
    {
        OperationException refused = await Assert.ThrowsAsync<OperationException>(
            () => new RabbitMqTransport().VerifyAsync(new ClusterOptions { Broker = broker }, CancellationToken.None));
        Assert.Equal(code, refused.Code);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.Ordinal);
    }
}

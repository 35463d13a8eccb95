using System.Text;
using System.Text.RegularExpressions;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.TestKit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

/// <summary>Users of the broker with the permissions that docs/security.md gives them, read from there.</summary>
[Collection(BrokerTests.Name)]
public sealed partial class PermissionTests(BrokerFixture fixture)
{
    private const string Type = "job";
    private static readonly string[] Parts = ["configure", "write", "read"];

    private const string Password = "not-shown-anywhere";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Run_WorkerAndSubmitterWithTheirPermissions_AllWorks(int partitions)
    {
        (ClusterOptions worker, ClusterOptions submitter) = await MakeUsersAsync($"allowed{partitions}");
        await using LocalNode node = await LocalNode.StartAsync(worker, Type, 2, change: options => options with { Partitions = partitions });
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(submitter, new ClusterBatchOptions(), CancellationToken.None);
        ClusterResult result = await RunAsync(batch, "1");
        Assert.Equal(OperationStatus.Succeeded, result.Status);
        Assert.Single(await new RabbitMqTransport().GetNodesAsync(submitter, TimeSpan.FromSeconds(1), CancellationToken.None));
        Assert.Equal(partitions, Assert.Single(await new RabbitMqTransport().GetQueuesAsync(submitter, [Type], CancellationToken.None)).Partitions);
        await batch.CompleteAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Run_SubmitterThatWritesResults_IsRefusedOrNotBelieved()
    {
        (ClusterOptions worker, ClusterOptions submitter) = await MakeUsersAsync("forged");
        var names = new TopologyNames(submitter.ClusterId);
        var allowed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LocalNode node = await LocalNode.StartAsync(worker, Type, 1, async (_, token) =>
        {
            await allowed.Task.WaitAsync(token);
            return "\"right\""u8.ToArray();
        });
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(submitter, new ClusterBatchOptions { BatchId = "batch" }, CancellationToken.None);
        Task<ClusterResult> result = RunAsync(batch, "1");
        await Eventually.HoldsAsync(() => batch.Counts.Published == 1, "the operation to be sent");

        ReadOnlyMemory<byte> forged = ResultMessages.Write([new ClusterResult { OperationId = "1", Status = OperationStatus.Succeeded, NodeId = "nobody", Output = "\"forged\""u8.ToArray() }]);
        await using IConnection connection = await BrokerConnector.ConnectAsync(submitter, "test", CancellationToken.None);
        AlreadyClosedException refused = await Assert.ThrowsAsync<AlreadyClosedException>(() => PublishAsync(connection, "", names.Results(batch.Id), forged));
        Assert.Equal(Constants.AccessRefused, refused.ShutdownReason!.ReplyCode);

        // Through the exchange of notes it arrives, and is not taken for a result.
        await PublishAsync(connection, names.NotesExchange, batch.Id, forged);
        await Eventually.HoldsAsync(async () => (await QueueProbe.CountAsync(connection, names.Results(batch.Id), CancellationToken.None))!.MessageCount == 0, "it to be delivered");
        Assert.False(result.IsCompleted);
        allowed.SetResult();
        Assert.Equal("\"right\"", Encoding.UTF8.GetString((await result).Output.Span));
        await batch.CompleteAsync(CancellationToken.None);
    }

    /// <summary>Else a submitter could keep a type from being made, or say how many partitions it has.</summary>
    [Fact]
    public async Task Declare_SubmitterAndWhatBelongsToAType_IsRefused()
    {
        (_, ClusterOptions submitter) = await MakeUsersAsync("held");
        var names = new TopologyNames(submitter.ClusterId);
        await using IConnection connection = await BrokerConnector.ConnectAsync(submitter, "test", CancellationToken.None);
        foreach (string queue in (string[])[names.TypeLock(Type), names.Partitions(Type, 8), names.Work(Type), names.Work(Type, 0), names.Dead(Type)])
        {
            IChannel channel = await connection.CreateChannelAsync();
            await using (channel)
            {
                OperationInterruptedException refused = await Assert.ThrowsAsync<OperationInterruptedException>(() => channel.QueueDeclareAsync(queue, exclusive: true));
                Assert.Equal(Constants.AccessRefused, refused.ShutdownReason!.ReplyCode);
            }
        }
    }

    [GeneratedRegex("""^rabbitmqctl set_permissions -p portmgmt (?<user>\w+) '(?<configure>[^']+)' '(?<write>[^']+)' '(?<read>[^']+)'$""", RegexOptions.Multiline)]
    private static partial Regex Command();

    private static Task<ClusterResult> RunAsync(IClusterBatch batch, string id) =>
        batch.RunAsync(new ClusterOperation(id, Type, "1"u8.ToArray()), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));

    private static async Task PublishAsync(IConnection connection, string exchange, string key, ReadOnlyMemory<byte> body)
    {
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.BasicPublishAsync(exchange, key, mandatory: true, new BasicProperties { MessageId = "x", Type = ResultMessages.ResultsType }, body);
    }

    private static string FindDocument()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string file = Path.Combine(directory.FullName, "docs", "security.md");
            if (File.Exists(file))
            {
                return File.ReadAllText(file);
            }
        }

        throw new FileNotFoundException("docs/security.md");
    }

    private async Task<(ClusterOptions Worker, ClusterOptions Submitter)> MakeUsersAsync(string cluster)
    {
        MatchCollection commands = Command().Matches(FindDocument());
        Assert.Equal(["worker", "submitter"], commands.Select(command => command.Groups["user"].Value));
        foreach (Match command in commands)
        {
            string user = $"{command.Groups["user"].Value}-{cluster}";
            string[] patterns = [.. Parts.Select(name => $"<<\"{command.Groups[name].Value.Replace("prod", cluster, StringComparison.Ordinal).Replace("\\", "\\\\", StringComparison.Ordinal)}\">>")];
            await fixture.Broker.EvaluateAsync($"""
                rabbit_auth_backend_internal:add_user(<<"{user}">>, <<"{Password}">>, <<"test">>),
                rabbit_auth_backend_internal:set_permissions(<<"{user}">>, <<"/">>, {string.Join(", ", patterns)}, <<"test">>).
                """);
        }

        return (As("worker"), As("submitter"));

        ClusterOptions As(string role) => fixture.Broker.Cluster(cluster, role) with { Broker = BrokerAddress.Parse(fixture.Broker.Url, $"{role}-{cluster}", Password) };
    }
}

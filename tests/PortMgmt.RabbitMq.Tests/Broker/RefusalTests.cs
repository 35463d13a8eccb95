using System.Diagnostics;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Tests.Support;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

/// <summary>A full queue that refuses more: the plainest way to a broker that says no.</summary>
[Collection(BrokerTests.Name)]
public sealed class RefusalTests(BrokerFixture fixture)
{
    /// <summary>The queue is full once its message is confirmed, and not yet when it was sent.</summary>
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    [Fact]
    public async Task Send_BrokerCannotStoreItForAWhile_IsSentAgainUntilItCan()
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(Confirmed);
        string queue = await DeclareFullAsync(channel);
        await using var publisher = new Publisher(() => { }, TimeProvider.System);
        await publisher.AttachAsync(connection, CancellationToken.None);
        var message = new TestMessage { Queue = queue, Properties = new BasicProperties { MessageId = "1" }, Body = new byte[1] };
        publisher.Send(message);
        await Eventually.HoldsAsync(() => message.Refusals >= 1, "the first refusal");
        Assert.False(message.Outcome.IsCompleted);
        await channel.QueuePurgeAsync(queue);
        Assert.Equal("confirmed", await message.Outcome.WaitAsync(TimeSpan.FromMinutes(3)));
        Assert.Equal(1u, await channel.MessageCountAsync(queue));
    }

    [Fact]
    public async Task Send_BrokerCannotStoreItAtAll_IsRefusedAfterSomeTries()
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(Confirmed);
        string queue = await DeclareFullAsync(channel);
        await using var publisher = new Publisher(() => { }, TimeProvider.System);
        await publisher.AttachAsync(connection, CancellationToken.None);
        var message = new TestMessage { Queue = queue, Properties = new BasicProperties { MessageId = "1" }, Body = new byte[1] };
        long since = Stopwatch.GetTimestamp();
        publisher.Send(message);
        Assert.Equal("refused", await message.Outcome.WaitAsync(TimeSpan.FromMinutes(3)));
        Assert.Equal(Publisher.MaxRefusals + 1, message.Refusals);

        // Five growing waits, each at least half of what it may be: 0.1, 0.2, 0.4, 0.8 and 1.6 s.
        Assert.True(Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(3));
    }

    private static async Task<string> DeclareFullAsync(IChannel channel)
    {
        var arguments = new Dictionary<string, object?> { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" };
        QueueDeclareOk queue = await channel.QueueDeclareAsync(string.Empty, durable: false, exclusive: true, autoDelete: true, arguments);
        await channel.BasicPublishAsync(string.Empty, queue.QueueName, new byte[1]);
        return queue.QueueName;
    }

    private Task<IConnection> ConnectAsync() => BrokerConnector.ConnectAsync(fixture.Broker.Cluster("refusals"), "test", CancellationToken.None);

    private sealed class TestMessage : OutgoingMessage
    {
        private readonly TaskCompletionSource<string> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Outcome => _outcome.Task;

        public override void OnConfirmed() => _outcome.TrySetResult("confirmed");

        public override void OnRefused(string reason, bool isUnroutable) => _outcome.TrySetResult("refused");
    }
}

using System.Diagnostics;
using System.Text;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Connection;
using RabbitMQ.Client;

namespace PortMgmt.Benchmarks.Cluster;

/// <summary>What no transport on this client can beat by much: publish, confirm, consume, acknowledge, on a quorum queue, and nothing else.</summary>
internal static class BareClient
{
    private const int Window = 1000;

    /// <summary>Sends so many messages through a queue.</summary>
    /// <returns>Messages a second, from the first publish to the last acknowledgement.</returns>
    public static async Task<double> RunAsync(BrokerAddress broker, int consumers, ushort room, int count)
    {
        var cluster = new ClusterOptions { Broker = broker };
        string queue = $"portmgmt.benchmark.{Guid.NewGuid():N}";
        await using IConnection connection = await BrokerConnector.ConnectAsync(cluster, "benchmark", CancellationToken.None);
        await using IChannel publishing = await connection.CreateChannelAsync(new CreateChannelOptions(true, false));
        await publishing.QueueDeclareAsync(queue, true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        var all = new CountdownEvent(count);
        var connections = new List<IConnection>();
        for (int i = 0; i < consumers; i++)
        {
            IConnection own = await BrokerConnector.ConnectAsync(cluster, "benchmark", CancellationToken.None);
            connections.Add(own);
            IChannel channel = await own.CreateChannelAsync();
            await channel.BasicQosAsync(0, room, false);
            await channel.BasicConsumeAsync(queue, false, new Acknowledger(channel, all));
        }

        var watch = Stopwatch.StartNew();
        await PublishAsync(publishing, queue, count);
        all.Wait();
        double seconds = watch.Elapsed.TotalSeconds;
        await publishing.QueueDeleteAsync(queue, false, false);
        foreach (IConnection own in connections)
        {
            await own.DisposeAsync();
        }

        return count / seconds;
    }

    private static async Task PublishAsync(IChannel channel, string queue, int count)
    {
        var room = new SemaphoreSlim(Window);
        ulong confirmed = 0;
        channel.BasicAcksAsync += (_, e) =>
        {
            // Single confirmations overtake each other within a window; counting is enough here.
            int settled = e.Multiple ? (int)(e.DeliveryTag - confirmed) : 1;
            confirmed = e.Multiple ? e.DeliveryTag : confirmed + 1;
            if (settled > 0)
            {
                room.Release(settled);
            }

            return Task.CompletedTask;
        };
        for (int n = 0; n < count; n++)
        {
            await room.WaitAsync();
            var properties = new BasicProperties
            {
                MessageId = $"batch/{n}",
                Type = "noop",
                ContentType = "application/json",
                DeliveryMode = DeliveryModes.Persistent,
            };
            await channel.BasicPublishAsync("", queue, true, properties, Encoding.UTF8.GetBytes($$"""{"n":{{n}}}"""));
        }
    }

    private sealed class Acknowledger(IChannel channel, CountdownEvent all) : AsyncDefaultBasicConsumer(channel)
    {
        public override async Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
            IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
        {
            await Channel.BasicAckAsync(deliveryTag, false, cancellationToken);
            all.Signal();
        }
    }
}

using System.Reflection;
using System.Text;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.RabbitMq.Workers;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Nodes;

/// <summary>
/// Tells how a worker is: to all who listen, every few seconds, and to whoever asks, at once. Nothing of it is stored anywhere.
/// </summary>
internal sealed class HeartbeatPublisher(ClusterOptions options, ClusterInboxOptions inbox, TopologyNames names, HeldDeliveries held, TakenTimes taken) : IAsyncDisposable
{
    // Without what the build adds: who looks wants to know which release it is.
    private static readonly string? Version =
        typeof(ClusterNode).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    private CancellationTokenSource? _attached;
    private Task _publishing = Task.CompletedTask;

    /// <summary>Begins on a connection.</summary>
    public async Task AttachAsync(IConnection connection, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        QueueDeclareOk own = await channel.QueueDeclareAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.QueueBindAsync(own.QueueName, names.AskExchange, string.Empty, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.BasicConsumeAsync(own.QueueName, autoAck: true, new QueryConsumer(channel, Describe, DescribeHeld), cancellationToken).ConfigureAwait(false);
        _attached = new CancellationTokenSource();
        _publishing = PublishHeartbeatsAsync(channel, _attached.Token);
    }

    /// <summary>The connection is gone.</summary>
    public async Task DetachAsync()
    {
        if (_attached is null)
        {
            return;
        }

        await _attached.CancelAsync().ConfigureAwait(false);
        await _publishing.ConfigureAwait(false);
        _attached.Dispose();
        _attached = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DetachAsync().ConfigureAwait(false);

    private ReadOnlyMemory<byte> Describe() => NodeMessages.Write(new ClusterNode
    {
        NodeId = options.NodeId,
        ClusterId = options.ClusterId,
        Host = Environment.MachineName,
        ProcessId = Environment.ProcessId,
        Workers = [inbox.GetState() with { TakenUpTo = taken.All }],
        Timestamp = options.TimeProvider.GetUtcNow(),
        Version = Version,
    });

    private ReadOnlyMemory<byte> DescribeHeld(string batchId) => NodeMessages.Write(new HeldOperations { Type = inbox.Type, Ids = held.IdsOf(batchId) });

    private async Task PublishHeartbeatsAsync(IChannel channel, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(inbox.HeartbeatInterval, options.TimeProvider);
        try
        {
            do
            {
                await channel.BasicPublishAsync(names.NodesExchange, string.Empty, Describe(), cancellationToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e))
        {
            // Detached, or about to be: who hears nothing knows enough.
        }
    }

    private sealed class QueryConsumer(IChannel channel, Func<ReadOnlyMemory<byte>> describe, Func<string, ReadOnlyMemory<byte>> describeHeld) : AsyncDefaultBasicConsumer(channel)
    {
        public override async Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
            IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
        {
            if (properties.ReplyTo is not { Length: > 0 } asker)
            {
                return;
            }

            bool isAboutABatch = properties.Type == HeldOperations.QuestionType;
            var answer = new BasicProperties { Type = isAboutABatch ? HeldOperations.AnswerType : null, CorrelationId = properties.CorrelationId };
            ReadOnlyMemory<byte> description = isAboutABatch ? describeHeld(Encoding.UTF8.GetString(body.Span)) : describe();
            await Channel.BasicPublishAsync(string.Empty, asker, mandatory: false, answer, description, cancellationToken).ConfigureAwait(false);
        }
    }
}

using System.Globalization;
using System.Text;
using System.Threading.Channels;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Batches;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.RabbitMq.Workers;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Failures;

/// <summary>
/// The dead letters of one type, on a connection of their own; what is not removed goes back to its place when that ends. It asks for no
/// more than it counted, and for nothing where it counted none: the broker would hand it a letter that it does not show, and take up to
/// five seconds to let others see that. Consumed, not fetched one by one, because only one consumer's letters go back in their order.
/// </summary>
internal sealed class FailedOperations : IFailedOperations
{
    /// <summary>The broker's own most for a queue of this kind: more than that are not seen at once.</summary>
    private const ushort MaxAtOnce = 2000;

    /// <summary>How long a letter that was counted may take to come.</summary>
    private static readonly TimeSpan ReturnTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long what goes back to its place may take to be there for the next who looks.</summary>
    private static readonly TimeSpan ReturnTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReturnPollInterval = TimeSpan.FromMilliseconds(20);

    private readonly ClusterOptions _options;
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _queue;
    private readonly Dictionary<FailedOperation, ulong> _tags = new(ReferenceEqualityComparer.Instance);
    private readonly Channel<(FailedOperation Failed, ulong Tag)> _arrived = Channel.CreateUnbounded<(FailedOperation, ulong)>();
    private string? _consumer;
    private uint _left;
    private uint _mine;

    private FailedOperations(ClusterOptions options, IConnection connection, IChannel channel, string queue)
    {
        _queue = queue;
        _options = options;
        _connection = connection;
        _channel = channel;
    }

    /// <summary>Opens them.</summary>
    public static async Task<FailedOperations> OpenAsync(ClusterOptions options, string type, CancellationToken cancellationToken)
    {
        ClusterName.Require(nameof(type), type);
        IConnection connection = await BrokerConnector.ConnectAsync(options, "inspector", cancellationToken).ConfigureAwait(false);
        try
        {
            return await BrokerConnector.UseAsync(connection, token => OpenAsync(connection, options, type, token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationException || BrokerFailure.IsExpected(e))
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw BrokerFailure.From(e, options.Broker);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<FailedOperation?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_left == 0)
        {
            return null;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ReturnTimeout);
        try
        {
            (FailedOperation failed, ulong tag) = await _arrived.Reader.ReadAsync(timeout.Token).ConfigureAwait(false);
            _left--;
            _tags.Add(failed, tag);
            return failed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody else has the rest open.
            _left = 0;
            return null;
        }
        catch (ChannelClosedException e)
        {
            throw BrokerFailure.From(e, _options.Broker);
        }
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(FailedOperation failed, CancellationToken cancellationToken)
    {
        try
        {
            if (_tags.Remove(failed, out ulong tag))
            {
                _mine--;
                await _channel.BasicAckAsync(tag, multiple: false, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e) && !cancellationToken.IsCancellationRequested)
        {
            throw BrokerFailure.From(e, _options.Broker);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_consumer is not null)
            {
                await ReturnAsync(_consumer).ConfigureAwait(false);
            }

            // A close, not an end: acknowledgements that are on their way arrive first.
            await _connection.CloseAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e))
        {
            // It is gone already; what was not removed is back in its place.
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<FailedOperations> OpenAsync(IConnection connection, ClusterOptions options, string type, CancellationToken cancellationToken)
    {
        string queue = new TopologyNames(options.ClusterId).Dead(type);
        if (!await QueueProbe.ExistsAsync(connection, queue, cancellationToken).ConfigureAwait(false))
        {
            throw KnownTypes.NotFound(type);
        }

        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var letters = new FailedOperations(options, connection, channel, queue);
        await letters.ConsumeAsync(type, cancellationToken).ConfigureAwait(false);
        return letters;
    }

    // Without this, who looks again at once may find nothing: the queue takes them back when it comes to it.
    private async Task ReturnAsync(string consumer)
    {
        await _channel.BasicCancelAsync(consumer).ConfigureAwait(false);
        await _channel.BasicNackAsync(0, multiple: true, requeue: true).ConfigureAwait(false);
        long since = _options.TimeProvider.GetTimestamp();
        while (await _channel.MessageCountAsync(_queue).ConfigureAwait(false) < _mine && _options.TimeProvider.GetElapsedTime(since) < ReturnTime)
        {
            await Task.Delay(ReturnPollInterval, _options.TimeProvider).ConfigureAwait(false);
        }
    }

    private async Task ConsumeAsync(string type, CancellationToken cancellationToken)
    {
        _channel.ChannelShutdownAsync += (_, _) =>
        {
            _arrived.Writer.TryComplete();
            return Task.CompletedTask;
        };
        _left = _mine = await _channel.MessageCountAsync(_queue, cancellationToken).ConfigureAwait(false);
        if (_left == 0)
        {
            return;
        }

        await _channel.BasicQosAsync(0, (ushort)Math.Min(_left, MaxAtOnce), global: false, cancellationToken).ConfigureAwait(false);
        _consumer = await _channel.BasicConsumeAsync(_queue, autoAck: false, new DeadLetterReader(_channel, type, _arrived.Writer), cancellationToken).ConfigureAwait(false);
    }

    private sealed class DeadLetterReader(IChannel channel, string type, ChannelWriter<(FailedOperation Failed, ulong Tag)> arrived) : AsyncDefaultBasicConsumer(channel)
    {
        public override Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
            IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
        {
            // A letter of somebody else's may have any size; two thousand of them may be held here.
            arrived.TryWrite((Read(properties, body[..Math.Min(body.Length, ClusterLimits.MaxInputBytes)].ToArray(), body.Length), deliveryTag));
            return Task.CompletedTask;
        }

        private FailedOperation Read(IReadOnlyBasicProperties properties, byte[] body, int length)
        {
            bool isNamed = OperationMessages.TryReadKey(properties.MessageId, out string batchId, out string operationId);
            return new FailedOperation
            {
                OperationId = isNamed ? operationId : null,
                BatchId = isNamed ? batchId : null,
                Type = type,
                Error = TextOf(properties, DeadLetterPublisher.ErrorHeader) ?? "Nobody noted why.",
                ErrorCode = TextOf(properties, DeadLetterPublisher.CodeHeader) ?? nameof(OperationErrorCode.OperationFailed),
                NodeId = TextOf(properties, DeadLetterPublisher.NodeHeader),
                FailedAt = DateTimeOffset.TryParse(TextOf(properties, DeadLetterPublisher.TimeHeader), CultureInfo.InvariantCulture, out DateTimeOffset time) ? time : null,
                Input = body,
                CanReplay = OperationMessages.FindFlaw(properties, body, length, type) is null,
            };
        }

        private static string? TextOf(IReadOnlyBasicProperties properties, string header) =>
            properties.Headers?.TryGetValue(header, out object? value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : null;
    }
}

using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Nodes;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>A node's end of the cluster for one type, on the broker. See <see cref="IClusterInbox"/>.</summary>
internal sealed class BrokerInbox : IClusterInbox, IConnectionLifecycle
{
    private static readonly TimeSpan FlushPollInterval = TimeSpan.FromMilliseconds(10);

    private readonly ClusterOptions _options;
    private readonly ClusterInboxOptions _inbox;
    private readonly TopologyNames _names;
    private readonly Publisher _publisher;
    private readonly ResultSender _results;
    private readonly HeartbeatPublisher _heartbeats;
    private readonly SemaphoreSlim _one = new(1);
    private readonly HeldDeliveries _held = new();
    private readonly TakenTimes _taken = new();
    private TypeLayout? _layout;
    private WorkTakers? _takers;
    private string? _suspectTag;
    private RecoveringConnection _link = null!;
    private IConnection? _connection;
    private IChannel? _channel;
    private IChannel? _suspectChannel;
    private DeadLetterPublisher? _deadLetters;
    private DeadLetterPublisher? _suspectLetters;
    private long _isolated;
    private bool _isPaused;

    private BrokerInbox(ClusterOptions options, ClusterInboxOptions inbox)
    {
        _options = options;
        _inbox = inbox;
        _names = new TopologyNames(options.ClusterId);
        _publisher = new Publisher(Break, options.TimeProvider);
        _results = new ResultSender(_names, _publisher, inbox.ResultsPerMessage);
        _heartbeats = new HeartbeatPublisher(options, inbox, _names, _held, _taken);
    }

    /// <inheritdoc/>
    public Task Lost => _link.Lost;

    /// <inheritdoc/>
    public int Reconnects => _link.Reconnects;

    /// <summary>Opens the inbox.</summary>
    public static async Task<BrokerInbox> OpenAsync(ClusterOptions options, ClusterInboxOptions inboxOptions, CancellationToken cancellationToken)
    {
        ClusterName.Require(nameof(inboxOptions.Type), inboxOptions.Type);
        var inbox = new BrokerInbox(options, inboxOptions);
        try
        {
            inbox._link = await RecoveringConnection.OpenAsync(options, "worker", inbox, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationException)
        {
            await inbox._results.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return inbox;
    }

    /// <inheritdoc/>
    public void Answer(ClusterDelivery delivery, ClusterResult result) => _results.Add((BrokerDelivery)delivery, result);

    /// <inheritdoc/>
    public void GiveBack(ClusterDelivery delivery, string reason)
    {
        var own = (BrokerDelivery)delivery;
        if (own.IsSuspect && own.Returns >= ClusterTopology.SuspectDeliveryLimit && _suspectLetters is { } letters && letters.AckBatcher == own.AckBatcher)
        {
            if (own.Settle())
            {
                letters.Publish(MessageOf(own), OperationErrorCode.DeliveryLimitReached, $"It was given back {own.Returns + 1} times after it was set apart, lastly because: {reason}");
            }
        }
        else
        {
            own.Return();
        }
    }

    /// <inheritdoc/>
    public Task PauseAsync() => ChangeAsync(isPaused: true);

    /// <inheritdoc/>
    public Task ResumeAsync() => ChangeAsync(isPaused: false);

    /// <inheritdoc/>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        while (_results.Open > 0 || IsOpen(_deadLetters) || IsOpen(_suspectLetters))
        {
            await Task.Delay(FlushPollInterval, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _results.DisposeAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
        await _heartbeats.DisposeAsync().ConfigureAwait(false);
        await _publisher.DisposeAsync().ConfigureAwait(false);
        _one.Dispose();
    }

    async Task IConnectionLifecycle.OpenAsync(IConnection connection, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            channel.ChannelShutdownAsync += OnShutdownAsync;
            IChannel suspectChannel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            suspectChannel.ChannelShutdownAsync += OnShutdownAsync;
            await ClusterTopology.DeclareExchangesAsync(connection, _names, cancellationToken).ConfigureAwait(false);
            _layout = await TypeRegistry
                .EnsureAsync(connection, channel, _names, _inbox.Type, _layout?.Partitions ?? _inbox.Partitions, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            _taken.Resize(_layout.Partitions);
            await _publisher.AttachAsync(connection, cancellationToken).ConfigureAwait(false);
            _connection = connection;
            _channel = channel;
            _suspectChannel = suspectChannel;
            _deadLetters = new DeadLetterPublisher(_names, _inbox.Type, _options, _publisher, new AckBatcher(channel));
            _suspectLetters = new DeadLetterPublisher(_names, _inbox.Type, _options, _publisher, new AckBatcher(suspectChannel));
            _isolated = 0;
            await channel.BasicQosAsync(0, DeadLetterConsumer.Prefetch, global: false, cancellationToken).ConfigureAwait(false);
            await channel.BasicConsumeAsync(_names.Exhausted(_inbox.Type), autoAck: false, new DeadLetterConsumer(channel, _deadLetters), cancellationToken).ConfigureAwait(false);
            await ConsumeMarkerAsync(channel, _layout, cancellationToken).ConfigureAwait(false);
            _takers = null;
            _suspectTag = null;
            if (!_isPaused)
            {
                await ConsumeAsync(cancellationToken).ConfigureAwait(false);
            }

            await _heartbeats.AttachAsync(connection, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    async Task IConnectionLifecycle.CloseAsync()
    {
        await _heartbeats.DetachAsync().ConfigureAwait(false);
        await _publisher.DetachAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _takers, null) is { } takers)
        {
            await takers.DisposeAsync().ConfigureAwait(false);
        }
    }

    void IConnectionLifecycle.Fail(OperationException failure)
    {
        // Whoever runs the inbox waits for its loss.
    }

    private static ReceivedMessage MessageOf(BrokerDelivery delivery) => new(
        delivery.Tag,
        new BasicProperties
        {
            MessageId = delivery.Key,
            Type = delivery.Type,
            ContentType = OperationMessages.ContentType,
            Headers = new Dictionary<string, object?> { ["x-delivery-count"] = delivery.Returns },
        },
        delivery.Input);

    private void Break() => _link?.Break();

    private Task OnShutdownAsync(object sender, RabbitMQ.Client.Events.ShutdownEventArgs e)
    {
        if (e.Initiator != ShutdownInitiator.Application)
        {
            Break();
        }

        return Task.CompletedTask;
    }

    private async Task ChangeAsync(bool isPaused)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isPaused == isPaused)
            {
                return;
            }

            _isPaused = isPaused;
            if (isPaused)
            {
                await CancelAsync().ConfigureAwait(false);
            }
            else
            {
                await ConsumeAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e))
        {
            // The connection was just lost; the next one begins with what holds now.
        }
        finally
        {
            _one.Release();
        }
    }

    // Each worker consumes it once: there it is counted, and told when somebody deletes it. What somebody puts in is treated as anywhere.
    private async Task ConsumeMarkerAsync(IChannel channel, TypeLayout layout, CancellationToken cancellationToken)
    {
        if (layout.Partitions > 1)
        {
            await channel.BasicQosAsync(0, 1, global: false, cancellationToken).ConfigureAwait(false);
            var consumer = new WorkConsumer(channel, _inbox.Type, isSuspect: false, _deadLetters!, TakeAsync, Break);
            await channel.BasicConsumeAsync(layout.Marker, autoAck: false, consumer, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ConsumeAsync(CancellationToken cancellationToken)
    {
        IChannel channel = _channel!;
        IChannel suspectChannel = _suspectChannel!;
        var takers = new WorkTakers(_connection!, channel, _layout!, _inbox.Room, MakeConsumer, Break, _options.TimeProvider);
        _takers = takers;
        await takers.StartAsync(cancellationToken).ConfigureAwait(false);
        var suspect = new WorkConsumer(suspectChannel, _inbox.Type, isSuspect: true, _suspectLetters!, delivery => TakeSuspectAsync(channel, _deadLetters!, delivery), Break);
        await suspectChannel.BasicQosAsync(0, 1, global: false, cancellationToken).ConfigureAwait(false);
        _suspectTag = await suspectChannel.BasicConsumeAsync(_names.Suspect(_inbox.Type), autoAck: false, suspect, cancellationToken).ConfigureAwait(false);

        WorkConsumer MakeConsumer(int partition, Action<BrokerDelivery> onTaken) => new(
            channel, _inbox.Type, isSuspect: false, _deadLetters!,
            delivery =>
            {
                onTaken(delivery);
                _taken.Record(partition, delivery.SubmittedAt);
                return TakeAsync(delivery);
            },
            Break);
    }

    private async ValueTask TakeAsync(BrokerDelivery delivery)
    {
        _held.Add(delivery);
        await _inbox.OnDelivery(delivery).ConfigureAwait(false);
    }

    // What runs apart may end the node at once. Then what the node itself set apart must not come back to the queue for all as well, to be
    // set apart, and started, once more: so the broker has its acknowledgement first. An answer on the same channel says that it has.
    private async ValueTask TakeSuspectAsync(IChannel workChannel, DeadLetterPublisher work, BrokerDelivery delivery)
    {
        try
        {
            while (Interlocked.Read(ref _isolated) is var known && work.Isolated is var isolated && (isolated != known || IsOpen(work)))
            {
                if (IsOpen(work))
                {
                    await Task.Delay(FlushPollInterval, _options.TimeProvider).ConfigureAwait(false);
                    continue;
                }

                foreach (string queue in _layout!.Queues)
                {
                    await workChannel.MessageCountAsync(queue).ConfigureAwait(false);
                }

                Interlocked.Exchange(ref _isolated, isolated);
            }
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e))
        {
            // The connection is gone, and with it this delivery: it comes again.
            delivery.Settle();
            return;
        }

        await TakeAsync(delivery).ConfigureAwait(false);
    }

    // On a connection that is gone nothing is open: the broker has taken it back.
    private static bool IsOpen(DeadLetterPublisher? letters) => letters is not null && (letters.Open > 0 || letters.AckBatcher.Waiting > 0);

    private async Task CancelAsync()
    {
        if (Interlocked.Exchange(ref _takers, null) is { } takers)
        {
            await takers.StopAsync().ConfigureAwait(false);
        }

        if (_suspectTag is { } tag)
        {
            await _suspectChannel!.BasicCancelAsync(tag).ConfigureAwait(false);
        }

        _suspectTag = null;
    }
}

using PortMgmt.Operations;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>What an inbox has on one connection: channels, consumers, and the dead letters that are on their way. Each connection has its own.</summary>
internal sealed class InboxSession : IAsyncDisposable
{
    private readonly InboxServices _services;
    private readonly IChannel _channel;
    private readonly IChannel _suspectChannel;
    private readonly TypeLayout _layout;
    private readonly DeadLetterPublisher _deadLetters;
    private readonly DeadLetterPublisher _suspectLetters;
    private readonly SuspectGate _gate;
    private WorkTakers? _takers;
    private string? _suspectTag;

    private InboxSession(InboxServices services, IChannel channel, IChannel suspectChannel, TypeLayout layout)
    {
        _services = services;
        _channel = channel;
        _suspectChannel = suspectChannel;
        _layout = layout;
        _deadLetters = services.MakeDeadLetters(new AckBatcher(channel));
        _suspectLetters = services.MakeDeadLetters(new AckBatcher(suspectChannel));
        _gate = new SuspectGate(channel, layout.Queues, _deadLetters, services.Options.TimeProvider);
    }

    /// <summary>How many partitions the type has.</summary>
    public int Partitions => _layout.Partitions;

    /// <summary>Messages are on their way to another queue. On a connection that is gone none are: the broker has taken them back.</summary>
    public bool IsBusy => _deadLetters.IsBusy || _suspectLetters.IsBusy;

    private string Type => _services.Inbox.Type;

    /// <summary>Makes the channels, and what the type needs on the broker. Nothing is consumed yet.</summary>
    /// <param name="services">What stays.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="partitions">How many partitions the type is to have; null for as many as it has.</param>
    /// <param name="hadThem">The worker has served the type with that number before.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<InboxSession> OpenAsync(InboxServices services, IConnection connection, int? partitions, bool hadThem, CancellationToken cancellationToken)
    {
        IChannel channel = await OpenChannelAsync(services, connection, cancellationToken).ConfigureAwait(false);
        IChannel suspectChannel = await OpenChannelAsync(services, connection, cancellationToken).ConfigureAwait(false);
        await ClusterTopology.DeclareExchangesAsync(connection, services.Names, cancellationToken).ConfigureAwait(false);
        TypeLayout layout = await TypeRegistry
            .EnsureAsync(connection, channel, services.Names, services.Inbox.Type, partitions, hadThem, services.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        if (layout.IsNumberGone)
        {
            services.Inbox.OnNotice?.Invoke($"The queue that says how many partitions type '{layout.Type}' has was deleted: it is made again, with {layout.Partitions}.");
        }

        services.Taken.Resize(layout.Partitions);
        await services.Publisher.AttachAsync(connection, cancellationToken).ConfigureAwait(false);
        return new InboxSession(services, channel, suspectChannel, layout);
    }

    /// <summary>Begins with what goes on while the inbox is paused: dead letters, and being there for those who count workers.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await _channel.BasicQosAsync(0, DeadLetterConsumer.Prefetch, global: false, cancellationToken).ConfigureAwait(false);
        var exhausted = new DeadLetterConsumer(_channel, _deadLetters);
        await _channel.BasicConsumeAsync(_services.Names.Exhausted(Type), autoAck: false, exhausted, cancellationToken).ConfigureAwait(false);
        if (_layout.Partitions > 1)
        {
            // Each worker consumes it once: there it is counted, and told when somebody deletes it. What somebody puts in is treated as anywhere.
            await _channel.BasicQosAsync(0, 1, global: false, cancellationToken).ConfigureAwait(false);
            await _channel.BasicConsumeAsync(_layout.Marker, autoAck: false, MakeWorkConsumer(_services.TakeAsync), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes operations.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        var takers = new WorkTakers(_channel, _layout, _services.Inbox.Room, MakePartitionConsumer, _services.OnBroken, _services.Options.TimeProvider);
        _takers = takers;
        await takers.StartAsync(cancellationToken).ConfigureAwait(false);
        var suspect = new WorkConsumer(_suspectChannel, Type, isSuspect: true, _suspectLetters, TakeSuspectAsync, _services.OnBroken);
        await _suspectChannel.BasicQosAsync(0, 1, global: false, cancellationToken).ConfigureAwait(false);
        _suspectTag = await _suspectChannel.BasicConsumeAsync(_services.Names.Suspect(Type), autoAck: false, suspect, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes no more.</summary>
    public async Task StopTakingAsync()
    {
        if (Interlocked.Exchange(ref _takers, null) is { } takers)
        {
            await takers.StopAsync().ConfigureAwait(false);
        }

        if (Interlocked.Exchange(ref _suspectTag, null) is { } tag)
        {
            await _suspectChannel.BasicCancelAsync(tag).ConfigureAwait(false);
        }
    }

    /// <summary>An operation that runs apart and came here was given back once too often: it is dead.</summary>
    /// <returns>False where it came on another connection: the broker decides.</returns>
    public bool TryEnd(BrokerDelivery delivery, string reason)
    {
        if (delivery.AckBatcher != _suspectLetters.AckBatcher)
        {
            return false;
        }

        if (delivery.Settle())
        {
            _suspectLetters.Publish(
                MessageOf(delivery), OperationErrorCode.DeliveryLimitReached, $"It was given back {delivery.Returns + 1} times after it was set apart, lastly because: {reason}");
        }

        return true;
    }

    /// <summary>The connection is gone. May be called more than once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _takers, null) is { } takers)
        {
            await takers.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<IChannel> OpenChannelAsync(InboxServices services, IConnection connection, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        channel.ChannelShutdownAsync += OnShutdownAsync;
        return channel;

        Task OnShutdownAsync(object sender, ShutdownEventArgs e)
        {
            if (e.Initiator != ShutdownInitiator.Application)
            {
                services.OnBroken();
            }

            return Task.CompletedTask;
        }
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

    private WorkConsumer MakePartitionConsumer(int partition, Action<BrokerDelivery> onTaken) => MakeWorkConsumer(delivery =>
    {
        onTaken(delivery);
        _services.Taken.Record(partition, delivery.SubmittedAt);
        return _services.TakeAsync(delivery);
    });

    private WorkConsumer MakeWorkConsumer(Func<BrokerDelivery, ValueTask> onDelivery) => new(_channel, Type, isSuspect: false, _deadLetters, onDelivery, _services.OnBroken);

    private async ValueTask TakeSuspectAsync(BrokerDelivery delivery)
    {
        if (await _gate.WaitAsync().ConfigureAwait(false))
        {
            await _services.TakeAsync(delivery).ConfigureAwait(false);
        }
        else
        {
            delivery.Settle();
        }
    }
}

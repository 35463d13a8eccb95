using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PortMgmt.RabbitMq.Messages;

/// <summary>
/// Sends messages in their order and tells each what became of it, without waiting for one before the next is sent. Outlives
/// connections: what was not confirmed on one is sent again on the next, and what the broker could not store is sent again after a
/// while; what it sent back waits until its queue is there, or gone. Thread-safe.
/// </summary>
internal sealed class Publisher : IAsyncDisposable
{
    /// <summary>How often a message is sent again that the broker could not store: for some seconds.</summary>
    internal const int MaxRefusals = 5;

    private readonly Lock _lock = new();
    private readonly ConfirmWindow _window = new();
    private readonly Channel<OutgoingMessage> _waiting = Channel.CreateUnbounded<OutgoingMessage>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Ids of messages that the broker sent back; their confirmation follows.</summary>
    private readonly HashSet<string> _returned = [];

    /// <summary>What is to be sent again, before all else.</summary>
    private readonly Queue<OutgoingMessage> _again = new();

    private readonly CancellationTokenSource _ending = new();
    private readonly Action _onBroken;
    private readonly TimeProvider _clock;
    private readonly Func<IConnection, OutgoingMessage, CancellationToken, Task>? _bind;
    private readonly ReturnedMessages _kept;
    private IConnection? _connection;
    private CancellationTokenSource? _attached;
    private Task _sending = Task.CompletedTask;

    /// <summary>Makes one, without a connection.</summary>
    /// <param name="onBroken">Called when sending failed and the connection is of no more use.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="bind">Makes a way to the queue of a message, where the queue is there and did not get it; null for queues that need none.</param>
    public Publisher(Action onBroken, TimeProvider clock, Func<IConnection, OutgoingMessage, CancellationToken, Task>? bind = null)
    {
        _bind = bind;
        _onBroken = onBroken;
        _clock = clock;
        _kept = new ReturnedMessages(LookAsync, Send, clock, _ending.Token);
    }

    /// <summary>Queues a message. Never blocks.</summary>
    public void Send(OutgoingMessage message) => _waiting.Writer.TryWrite(message);

    /// <summary>Opens a channel on a new connection and sends on it, beginning with what was not confirmed before.</summary>
    public async Task AttachAsync(IConnection connection, CancellationToken cancellationToken)
    {
        await DetachAsync().ConfigureAwait(false);
        IChannel channel = await connection
            .CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), cancellationToken)
            .ConfigureAwait(false);
        channel.BasicReturnAsync += OnReturnAsync;
        channel.BasicAcksAsync += (_, e) => SettleAsync(e.DeliveryTag, e.Multiple, isAccepted: true);
        channel.BasicNacksAsync += (_, e) => SettleAsync(e.DeliveryTag, e.Multiple, isAccepted: false);
        channel.ChannelShutdownAsync += OnShutdownAsync;
        lock (_lock)
        {
            List<OutgoingMessage> first = [.. _window.TakeAll(), .. _again];
            _again.Clear();
            first.ForEach(_again.Enqueue);
            _returned.Clear();
        }

        Volatile.Write(ref _connection, connection);
        _attached = new CancellationTokenSource();
        _sending = SendAllAsync(channel, _attached.Token);
    }

    /// <summary>Sends nothing until there is another connection. Any number of calls.</summary>
    public async Task DetachAsync()
    {
        if (_attached is null)
        {
            return;
        }

        await _attached.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        _attached.Dispose();
        _attached = null;
        Volatile.Write(ref _connection, null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DetachAsync().ConfigureAwait(false);
        await _ending.CancelAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task<QueuePresence> LookAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _connection) is not { } connection)
        {
            return QueuePresence.Unknown;
        }

        QueuePresence presence = await QueueProbe.LookAsync(connection, message.Queue, cancellationToken).ConfigureAwait(false);
        try
        {
            if (presence == QueuePresence.Present && _bind is not null)
            {
                await _bind(connection, message, cancellationToken).ConfigureAwait(false);
            }

            return presence;
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e) && !cancellationToken.IsCancellationRequested)
        {
            return QueuePresence.Unknown;
        }
    }

    private Task OnShutdownAsync(object sender, ShutdownEventArgs e)
    {
        if (e.Initiator != ShutdownInitiator.Application)
        {
            _onBroken();
        }

        return Task.CompletedTask;
    }

    private async Task SendAllAsync(IChannel channel, CancellationToken cancellationToken)
    {
        // Off the caller's thread: there may be a lot to send.
        await Task.Yield();
        try
        {
            do
            {
                while (!cancellationToken.IsCancellationRequested && TryTakeNext(out OutgoingMessage? message))
                {
                    await channel.BasicPublishAsync(message.Exchange, message.RoutingKey, mandatory: true, message.Properties, message.Body, CancellationToken.None).ConfigureAwait(false);
                }
            }
            while (await _waiting.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Detached; what was not confirmed is in the window.
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e))
        {
            _onBroken();
        }
    }

    // The message is in the window before it is on the wire, so that it is in one of the two whenever the connection goes.
    private bool TryTakeNext([NotNullWhen(true)] out OutgoingMessage? message)
    {
        lock (_lock)
        {
            while (_again.TryDequeue(out message) || _waiting.Reader.TryRead(out message))
            {
                if (message.IsObsolete)
                {
                    continue;
                }

                _window.Add(message);
                return true;
            }
        }

        return false;
    }

    private Task OnReturnAsync(object sender, BasicReturnEventArgs e)
    {
        if (e.BasicProperties.MessageId is { } id)
        {
            lock (_lock)
            {
                _returned.Add(id);
            }
        }

        return Task.CompletedTask;
    }

    private Task SettleAsync(ulong sequence, bool multiple, bool isAccepted)
    {
        var settled = new List<OutgoingMessage>();
        HashSet<string>? unroutable = null;
        lock (_lock)
        {
            _window.Take(sequence, multiple, settled);
            if (_returned.Count > 0)
            {
                unroutable = [.. settled.Select(message => message.Properties.MessageId!).Where(_returned.Remove)];
            }
        }

        foreach (OutgoingMessage message in settled)
        {
            if (unroutable?.Contains(message.Properties.MessageId!) == true)
            {
                message.OnHeld();
                _kept.Add(message);
            }
            else if (isAccepted)
            {
                message.OnConfirmed();
            }
            else if (++message.Refusals <= MaxRefusals)
            {
                _ = SendLaterAsync(message, _ending.Token);
            }
            else
            {
                message.OnRefused("the broker could not store it", isUnroutable: false);
            }
        }

        return Task.CompletedTask;
    }

    // Meanwhile it is in no window and belongs to no connection: it goes out on whichever there is then.
    private async Task SendLaterAsync(OutgoingMessage message, CancellationToken ending)
    {
        try
        {
            await Task.Delay(Backoff.Before(message.Refusals, Random.Shared.NextDouble()), _clock, ending).ConfigureAwait(false);
            Send(message);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more.
        }
    }
}

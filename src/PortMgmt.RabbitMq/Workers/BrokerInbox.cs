using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Nodes;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>
/// A node's end of the cluster for one type, on the broker: what stays while connections come and go, each of which has its
/// <see cref="InboxSession"/>. See <see cref="IClusterInbox"/>.
/// </summary>
internal sealed class BrokerInbox : IClusterInbox, IConnectionLifecycle
{
    private static readonly TimeSpan FlushPollInterval = TimeSpan.FromMilliseconds(10);

    private readonly ClusterOptions _options;
    private readonly Publisher _publisher;
    private readonly InboxServices _services;
    private readonly ResultSender _results;
    private readonly HeartbeatPublisher _heartbeats;

    /// <summary>Held while consumers begin or end.</summary>
    private readonly SemaphoreSlim _one = new(1);
    private RecoveringConnection _link = null!;
    private InboxSession? _session;
    private bool _isPaused;

    private BrokerInbox(ClusterOptions options, ClusterInboxOptions inbox)
    {
        _options = options;
        var names = new TopologyNames(options.ClusterId);
        var held = new HeldDeliveries();
        var taken = new TakenTimes();
        _publisher = new Publisher(Break, options.TimeProvider);
        _services = new InboxServices(options, inbox, names, _publisher, held, taken, Break);
        _results = new ResultSender(names, _publisher, inbox.ResultsPerMessage);
        _heartbeats = new HeartbeatPublisher(options, inbox, names, held, taken);
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
            inbox._link = await RecoveringConnection.OpenAsync(options, "worker", inbox, inboxOptions.OnNotice, cancellationToken).ConfigureAwait(false);
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
        bool isLast = own.IsSuspect && own.Returns >= ClusterTopology.SuspectDeliveryLimit;
        if (!isLast || _session is not { } session || !session.TryEnd(own, reason))
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
        while (_results.Open > 0 || _session is { IsBusy: true })
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
            // There before anything is consumed: what comes may be given back at once.
            int? partitions = _session?.Partitions ?? _services.Inbox.Partitions;
            InboxSession session = await InboxSession.OpenAsync(_services, connection, partitions, hadThem: _session is not null, cancellationToken).ConfigureAwait(false);
            _session = session;
            await session.BeginAsync(cancellationToken).ConfigureAwait(false);
            if (!_isPaused)
            {
                await session.TakeAsync(cancellationToken).ConfigureAwait(false);
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
        if (_session is { } session)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    void IConnectionLifecycle.Fail(OperationException failure)
    {
        // Whoever runs the inbox waits for its loss.
    }

    private void Break() => _link?.Break();

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
                await _session!.StopTakingAsync().ConfigureAwait(false);
            }
            else
            {
                await _session!.TakeAsync(CancellationToken.None).ConfigureAwait(false);
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
}

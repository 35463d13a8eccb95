using PortMgmt.Cluster;
using PortMgmt.Operations;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>
/// A connection that is made again when it is lost, with growing waits, until that took too long. The client's own recovery is not
/// used: it does not say which confirmations it lost, and it keeps delivery tags that mean nothing any more. Here everything that
/// belongs to a connection is made anew with it, by its user.
/// </summary>
internal sealed class RecoveringConnection : IAsyncDisposable
{
    private readonly ClusterOptions _options;
    private readonly string _role;
    private readonly IConnectionLifecycle _user;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _down = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConnection? _connection;
    private Task _watching = Task.CompletedTask;
    private int _reconnects;

    /// <summary>Which address is tried next: the one that serves, until it is lost.</summary>
    private int _next;

    private RecoveringConnection(ClusterOptions options, string role, IConnectionLifecycle user)
    {
        _options = options;
        _role = role;
        _user = user;
    }

    /// <summary>Fails when the broker could not be reached again in time; never ends otherwise.</summary>
    public Task Lost => _lost.Task;

    /// <summary>How often the connection was made again.</summary>
    public int Reconnects => Volatile.Read(ref _reconnects);

    /// <summary>Connects for the first time, once.</summary>
    /// <exception cref="OperationException">It did not work.</exception>
    public static async Task<RecoveringConnection> OpenAsync(ClusterOptions options, string role, IConnectionLifecycle user, CancellationToken cancellationToken)
    {
        options.Validate();
        var link = new RecoveringConnection(options, role, user);
        await link.ConnectFirstAsync(cancellationToken).ConfigureAwait(false);
        link._watching = Task.Run(link.WatchAsync, CancellationToken.None);
        return link;
    }

    /// <summary>The present connection is of no more use, whatever it looks like: a channel broke.</summary>
    public void Break() => Volatile.Read(ref _down).TrySetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _stopping.Dispose();
    }

    // The first time each address has one chance: a name that is wrong is told at once, a node that is down hinders nobody.
    private async Task ConnectFirstAsync(CancellationToken cancellationToken)
    {
        for (int failures = 1; ; failures++)
        {
            try
            {
                await ConnectAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (OperationException failure) when (_options.OtherBrokers.Count > 0)
            {
                if (failures == _options.Brokers.Count || failure.Code is not (OperationErrorCode.BrokerUnreachable or OperationErrorCode.BrokerAccessDenied))
                {
                    throw BrokerConnector.NoneOf(_options, failure);
                }

                MoveOn();
            }
        }
    }

    private void MoveOn() => _next = (_next + 1) % _options.Brokers.Count;

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var down = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _down, down);
        BrokerAddress broker = _options.Brokers[_next];
        _connection = await BrokerConnector.ConnectAsync(_options, broker, _role, cancellationToken).ConfigureAwait(false);
        _connection.ConnectionShutdownAsync += (_, _) =>
        {
            down.TrySetResult();
            return Task.CompletedTask;
        };
        try
        {
            await BrokerConnector.UseAsync(_connection, OpenUserAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e) || e is OperationException)
        {
            await TearDownAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw BrokerFailure.From(e, broker);
        }
    }

    private async Task<bool> OpenUserAsync(CancellationToken cancellationToken)
    {
        await _user.OpenAsync(_connection!, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await Volatile.Read(ref _down).Task.WaitAsync(_stopping.Token).ConfigureAwait(false);
                await TearDownAsync().ConfigureAwait(false);
                await ConnectAgainAsync().ConfigureAwait(false);
                Interlocked.Increment(ref _reconnects);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            await TearDownAsync().ConfigureAwait(false);
        }
        catch (OperationException failure)
        {
            _user.Fail(failure);
            _lost.TrySetException(failure);
        }
    }

    private async Task ConnectAgainAsync()
    {
        long since = _options.TimeProvider.GetTimestamp();
        for (int failures = 1; ; failures++)
        {
            MoveOn();
            int rounds = 1 + ((failures - 1) / _options.Brokers.Count);
            await Task.Delay(Backoff.Before(rounds, Random.Shared.NextDouble()), _options.TimeProvider, _stopping.Token).ConfigureAwait(false);
            try
            {
                await ConnectAsync(_stopping.Token).ConfigureAwait(false);
                return;
            }
            catch (OperationException failure)
            {
                // A broker that starts refuses for a while what it will take later, so every failure is tried again.
                if (_options.TimeProvider.GetElapsedTime(since) > _options.ReconnectFor)
                {
                    throw GivenUp(BrokerConnector.NoneOf(_options, failure));
                }
            }
        }
    }

    private OperationException GivenUp(OperationException last) => new(
        last.Code, $"The connection to the broker was lost and could not be made again within {_options.ReconnectFor.TotalSeconds:0} s. {last.Message}", last);

    // The connection first: a sender that waits for the network is set free by that.
    private async Task TearDownAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        await _user.CloseAsync().ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is not { } connection)
        {
            return;
        }

        try
        {
            await connection.CloseAsync(200, "Goodbye", TimeSpan.FromSeconds(2), abort: true).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e))
        {
            // It is gone already, which is what was wanted.
        }
    }
}

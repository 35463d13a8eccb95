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

    /// <summary>Which address serves, or did last.</summary>
    private int _index;

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

    /// <summary>Connects for the first time: see <see cref="BrokerStart"/>.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="role">What the connection is for, as the broker's tools show it.</param>
    /// <param name="user">What lives on it.</param>
    /// <param name="notify">Told when a broker that is there does not serve yet; null for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationException">It did not work.</exception>
    public static async Task<RecoveringConnection> OpenAsync(
        ClusterOptions options, string role, IConnectionLifecycle user, Action<string>? notify, CancellationToken cancellationToken)
    {
        var link = new RecoveringConnection(options, role, user);
        await BrokerStart.RunAsync(options, link.ConnectAsync, notify, cancellationToken).ConfigureAwait(false);
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

    private async Task<bool> ConnectAsync(ConnectAttempt attempt, CancellationToken cancellationToken)
    {
        var down = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _down, down);
        _connection = await BrokerConnector.ConnectAsync(_options, attempt, _role, cancellationToken).ConfigureAwait(false);
        _connection.ConnectionShutdownAsync += (_, _) =>
        {
            down.TrySetResult();
            return Task.CompletedTask;
        };
        try
        {
            _index = attempt.Index;
            return await BrokerConnector.UseAsync(_connection, OpenUserAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e) || e is OperationException)
        {
            await TearDownAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw BrokerFailure.From(e, attempt.Broker);
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
        int first = _index + 1;
        for (int number = 0; ; number++)
        {
            var attempt = new ConnectAttempt(_options, number, first);
            await Task.Delay(Backoff.Before(attempt.Round, Random.Shared.NextDouble()), _options.TimeProvider, _stopping.Token).ConfigureAwait(false);
            try
            {
                await ConnectAsync(attempt, _stopping.Token).ConfigureAwait(false);
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

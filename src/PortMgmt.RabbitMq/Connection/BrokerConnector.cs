using PortMgmt.Cluster;
using PortMgmt.Operations;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>Makes one connection, without the client's own recovery: see <see cref="RecoveringConnection"/>.</summary>
internal static class BrokerConnector
{
    /// <summary>How soon either side notices that the other is gone without a word.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The largest message that can be received: as much as the client takes, and a broker's own most unless that was raised. What is more
    /// than an operation may have becomes a dead letter, for which it has to be received; refusing it would end the connection, again and again.
    /// </summary>
    private const uint MaxMessageBytes = 128 << 20;

    /// <summary>Connects to the first node of the broker that can be reached, and logs in: see <see cref="BrokerStart"/>.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="role">What the connection is for, as the broker's tools show it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="OperationException">It did not work with any; the error is the last one's, and names all.</exception>
    public static Task<IConnection> ConnectAsync(ClusterOptions options, string role, CancellationToken cancellationToken) =>
        BrokerStart.RunAsync(options, (attempt, token) => ConnectAsync(options, attempt, role, token), options.OnNotice, cancellationToken);

    /// <summary>Connects to one node of the broker and logs in.</summary>
    /// <exception cref="OperationException">It did not work.</exception>
    public static async Task<IConnection> ConnectAsync(ClusterOptions options, ConnectAttempt attempt, string role, CancellationToken cancellationToken)
    {
        TlsCheck? tls = attempt.Broker.UsesTls ? new TlsCheck(options, attempt.Broker) : null;

        // The client itself waits without an end for the first word of whoever it has reached.
        using var timeout = new CancellationTokenSource(attempt.Timeout, options.TimeProvider);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using CancellationTokenRegistration aborting = ending.Token.Register(attempt.Abort);
        try
        {
            return await MakeFactory(attempt, tls).CreateConnectionAsync($"portmgmt {role} {options.NodeId}", ending.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw BrokerFailure.From(timeout.IsCancellationRequested ? new TimeoutException(null, e) : e, attempt.Broker, tls, attempt.Problem);
        }
    }

    /// <summary>The error of a broker none of whose addresses works: where there are several, it names all.</summary>
    public static OperationException NoneOf(ClusterOptions options, OperationException last) => options.OtherBrokers.Count == 0 ? last : new OperationException(
        last.Code, $"None of {string.Join(", ", options.Brokers)} serves. Of the one that was tried last: {last.Message}", last);

    /// <summary>
    /// Begins to use a connection, and ends when the broker ends it. The client says that it is connected before the broker has agreed to
    /// the virtual host, and what it asks for while the refusal is on its way is never answered.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="use">What to do; it has to heed its token.</param>
    /// <param name="cancellationToken">Ends it too.</param>
    /// <exception cref="OperationInterruptedException">The connection was ended; with the reason.</exception>
    public static async Task<T> UseAsync<T>(IConnection connection, Func<CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        AsyncEventHandler<ShutdownEventArgs> end = (_, _) => ending.CancelAsync();
        connection.ConnectionShutdownAsync += end;
        try
        {
            return await use(ending.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (
            e is not OperationException && BrokerFailure.IsExpected(e) && !cancellationToken.IsCancellationRequested && connection.CloseReason is { } reason)
        {
            throw new OperationInterruptedException(reason);
        }
        finally
        {
            connection.ConnectionShutdownAsync -= end;
        }
    }

    // TLS is made below the client, since what it is to read is looked at before, in the clear: see FrameFilter.
    private static ConnectionFactory MakeFactory(ConnectAttempt attempt, TlsCheck? tls) => new()
    {
        HostName = attempt.Broker.Host,
        Port = attempt.Broker.Port,
        VirtualHost = attempt.Broker.VirtualHost,
        UserName = attempt.Broker.User,
        Password = attempt.Broker.Password,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedConnectionTimeout = attempt.Timeout,
        HandshakeContinuationTimeout = attempt.Timeout,
        ContinuationTimeout = TimeSpan.FromSeconds(20),
        RequestedHeartbeat = Heartbeat,
        MaxInboundMessageBodySize = MaxMessageBytes,
        SocketFactory = family => new BrokerSocket(attempt.Use(ConnectionFactoryBase.DefaultSocketFactory(family).Client), tls, attempt),
    };
}

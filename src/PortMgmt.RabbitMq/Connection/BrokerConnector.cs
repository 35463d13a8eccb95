using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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

    /// <summary>Connects and logs in.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="role">What the connection is for, as the broker's tools show it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="OperationException">It did not work.</exception>
    public static async Task<IConnection> ConnectAsync(ClusterOptions options, string role, CancellationToken cancellationToken)
    {
        try
        {
            return await MakeFactory(options).CreateConnectionAsync($"portmgmt {role} {options.NodeId}", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e) && !cancellationToken.IsCancellationRequested)
        {
            throw BrokerFailure.From(e, options.Broker);
        }
    }

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

    private static ConnectionFactory MakeFactory(ClusterOptions options)
    {
        BrokerAddress broker = options.Broker;
        var factory = new ConnectionFactory
        {
            HostName = broker.Host,
            Port = broker.Port,
            VirtualHost = broker.VirtualHost,
            UserName = broker.User,
            Password = broker.Password,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedConnectionTimeout = options.ConnectTimeout,
            HandshakeContinuationTimeout = options.ConnectTimeout,
            ContinuationTimeout = TimeSpan.FromSeconds(20),
            RequestedHeartbeat = Heartbeat,
        };
        if (broker.UsesTls)
        {
            factory.Ssl = MakeSsl(options);
        }

        return factory;
    }

    private static SslOption MakeSsl(ClusterOptions options)
    {
        var ssl = new SslOption(options.Broker.Host, enabled: true);
        if (options.CaCertificate is { } file)
        {
            X509Certificate2Collection roots = ReadRoots(file);
            ssl.CertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors, roots);
        }

        return ssl;
    }

    private static X509Certificate2Collection ReadRoots(string file)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            return roots.Count > 0 ? roots : throw new CryptographicException("It holds no certificate.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new OperationException(
                OperationErrorCode.InvalidOption, $"The certificates in '{file}' cannot be read: {e.Message} Name a PEM file with those that vouch for the broker.", e)
            {
                Option = nameof(ClusterOptions.CaCertificate),
            };
        }
    }

    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2Collection roots)
    {
        // The name has to be right whoever vouches for it; only the chain is judged anew.
        if (certificate is not X509Certificate2 own || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(own);
    }
}

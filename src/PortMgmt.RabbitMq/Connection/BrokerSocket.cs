using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>The connection below the broker's client: TCP, TLS where it is asked for, and a look at what comes.</summary>
/// <param name="socket">The socket.</param>
/// <param name="tls">How TLS is to be; null for none.</param>
/// <param name="attempt">For what it is; told what it finds.</param>
internal sealed class BrokerSocket(Socket socket, TlsCheck? tls, ConnectAttempt attempt) : TcpClientAdapter(socket)
{
    private Stream? _stream;

    /// <inheritdoc/>
    public override async Task ConnectAsync(IPAddress ep, int port, CancellationToken cancellationToken = default)
    {
        await base.ConnectAsync(ep, port, cancellationToken).ConfigureAwait(false);
        attempt.RecordReached();
        var plain = new NetworkStream(Client);
        try
        {
            _stream = tls is null ? plain : await tls.SecureAsync(plain, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException)
        {
            attempt.RecordHopeless();
            throw;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            attempt.RecordEnd();
            throw;
        }
    }

    /// <inheritdoc/>
    public override NetworkStream GetStream() =>
        new BrokerStream(Client, attempt, _stream ?? throw new InvalidOperationException("There is no connection yet."));
}

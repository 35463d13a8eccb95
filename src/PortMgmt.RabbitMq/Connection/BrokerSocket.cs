using System.Net;
using System.Net.Sockets;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>The connection below the broker's client: TCP, TLS where it is asked for, and a look at what comes.</summary>
/// <param name="socket">The socket.</param>
/// <param name="tls">How TLS is to be; null for none.</param>
internal sealed class BrokerSocket(Socket socket, TlsCheck? tls) : TcpClientAdapter(socket)
{
    private Stream? _stream;

    /// <inheritdoc/>
    public override async Task ConnectAsync(IPAddress ep, int port, CancellationToken cancellationToken = default)
    {
        await base.ConnectAsync(ep, port, cancellationToken).ConfigureAwait(false);
        var plain = new NetworkStream(Client);
        _stream = tls is null ? plain : await tls.SecureAsync(plain, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override NetworkStream GetStream() =>
        new BrokerStream(Client, _stream ?? throw new InvalidOperationException("There is no connection yet."));
}

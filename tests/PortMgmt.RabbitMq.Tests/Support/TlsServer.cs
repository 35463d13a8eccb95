using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>Something on loopback that shows a certificate, may ask for one, and says nothing else.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SslServerAuthenticationOptions _options;
    private readonly Task _serving;

    public TlsServer(X509Certificate2 certificate, X509Certificate2Collection along, bool wantsClient = false)
    {
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, along, offline: true),
            ClientCertificateRequired = wantsClient,
            RemoteCertificateValidationCallback = (_, client, _, _) =>
            {
                Client = client?.Subject;
                return client is not null || !wantsClient;
            },
        };
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Who the client said that it is.</summary>
    public string? Client { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(_options);
                await stream.ReadAtLeastAsync(new byte[8], 8, throwOnEndOfStream: false);
            }
            catch (Exception e) when (e is AuthenticationException or IOException)
            {
                // The client has gone, or was sent away.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }
}

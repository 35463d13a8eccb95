using System.Net;
using System.Net.Sockets;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>Something on loopback that is reached, and does with a connection what a test wants.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _serve;
    private readonly Task _serving;
    private int _connections;

    public FakeServer(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections there were.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Never says a word.</summary>
    public static FakeServer Silent() => new((_, ending) => Task.Delay(Timeout.Infinite, ending));

    /// <summary>
    /// Leads to a broker. The first connection on which the client says something of a kind ends there, and what was said does not reach the broker.
    /// </summary>
    public static FakeServer CutOnce(int port, byte[] words)
    {
        int cuts = 0;
        return new FakeServer(async (client, ending) =>
        {
            using var broker = new TcpClient();
            await broker.ConnectAsync(IPAddress.Loopback, port, ending);
            NetworkStream there = broker.GetStream();
            Task back = there.CopyToAsync(client, ending);
            byte[] buffer = new byte[1 << 16];
            byte[] said = [];
            for (int count; (count = await client.ReadAsync(buffer, ending)) > 0;)
            {
                // They may come in two pieces.
                said = [.. said.TakeLast(words.Length), .. buffer.AsSpan(0, count)];
                if (said.AsSpan().IndexOf(words) >= 0 && Interlocked.Increment(ref cuts) == 1)
                {
                    return;
                }

                await there.WriteAsync(buffer.AsMemory(0, count), ending);
            }

            broker.Close();
            await back;
        });
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _ending.CancelAsync();
        await _serving;
        _ending.Dispose();
    }

    private async Task ServeAsync()
    {
        var all = new List<Task>();
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_ending.Token);
                Interlocked.Increment(ref _connections);
                all.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or OperationCanceledException)
        {
            await Task.WhenAll(all);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _serve(client.GetStream(), _ending.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The client has gone, or the test is over.
            }
        }
    }
}

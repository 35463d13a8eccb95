using System.Net;
using System.Net.Sockets;

namespace PortMgmt.Core.Tests.Listeners;

/// <summary>Opens sockets for tests, on ports that the system chooses.</summary>
internal static class TestSockets
{
    private const int Attempts = 20;

    public static Socket Listen(IPAddress address, int port = 0, bool dualStack = false) =>
        Bind(new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp), address, port, dualStack);

    public static Socket BindUdp(IPAddress address, int port = 0) =>
        Bind(new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp), address, port, dualStack: false);

    /// <summary>A socket that is neither bound nor connected.</summary>
    public static Socket Tcp() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Opens a socket on a port and another on the same port, which somebody else may have by chance.</summary>
    public static (Socket First, Socket Second) Pair(Func<Socket> first, Func<int, Socket> second)
    {
        for (int attempt = 1; ; attempt++)
        {
            Socket one = first();
            try
            {
                return (one, second(one.Port));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < Attempts)
            {
                one.Dispose();
            }
        }
    }

    /// <summary>A port on which nothing listens now.</summary>
    public static int FreePort()
    {
        using Socket socket = Listen(IPAddress.Loopback);
        return socket.Port;
    }

    extension(Socket socket)
    {
        public int Port => ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static Socket Bind(Socket socket, IPAddress address, int port, bool dualStack)
    {
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = dualStack;
            }

            socket.Bind(new IPEndPoint(address, port));
            if (socket.SocketType == SocketType.Stream)
            {
                socket.Listen();
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

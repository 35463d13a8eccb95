using System.Net;
using System.Net.Sockets;
using PortMgmt.Core.Tests.Listeners;
using PortMgmt.Leases.Allocation;
using PortMgmt.Platform;
using Xunit;

namespace PortMgmt.Core.Tests.Platform;

/// <summary>Whether a port can be bound, on real sockets: by the way of this system, and by the way of the others.</summary>
[Collection(SocketsAndPrograms.Name)]
public sealed class PortProbeTests
{
    public static TheoryData<bool> Ways => [false, true];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Probe_NobodyThere_IsFreeAndLetsGo(bool managed)
    {
        int port = TestSockets.FreePort();

        Assert.Equal(PortBinding.Free, Probe(managed, port, udp: false));
        Assert.Equal(PortBinding.Free, Probe(managed, port, udp: true));
        using Socket socket = TestSockets.Listen(IPAddress.Any, port);
    }

    [Theory]
    [InlineData(false, "127.0.0.1")]
    [InlineData(false, "0.0.0.0")]
    [InlineData(false, "::1")]
    [InlineData(false, "::")]
    [InlineData(true, "127.0.0.1")]
    [InlineData(true, "0.0.0.0")]
    [InlineData(true, "::1")]
    [InlineData(true, "::")]
    public void Probe_ListenerOnOneAddressAlone_IsBusyOnItsProtocolAlone(bool managed, string address)
    {
        using Socket tcp = Open(address, () => TestSockets.Listen(IPAddress.Parse(address)));
        using Socket udp = Open(address, () => TestSockets.BindUdp(IPAddress.Parse(address)));

        Assert.Equal(PortBinding.Busy, Probe(managed, tcp.Port, udp: false));
        Assert.Equal(PortBinding.Busy, Probe(managed, udp.Port, udp: true));
        Assert.NotEqual(PortBinding.Busy, Probe(managed, udp.Port, udp: false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Probe_UdpSocketThatAllowsReuse_IsBusyAllTheSame(bool managed)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));

        Assert.Equal(PortBinding.Busy, Probe(managed, socket.Port, udp: true));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Probe_ClosedConnectionsLinger_IsLingering(bool managed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "an exclusive bind passes over TIME_WAIT on Windows");
        int port = LeaveInTimeWait();

        Assert.Equal(PortBinding.Lingering, Probe(managed, port, udp: false));
        Assert.Equal(PortBinding.Free, Probe(managed, port, udp: true));
    }

    /// <summary>A port of which one connection was closed by the server's side and is remembered by the system.</summary>
    internal static int LeaveInTimeWait(bool reuse = true)
    {
        using Socket listener = TestSockets.Listen(IPAddress.Loopback);
        if (!reuse)
        {
            // After the bind, for which .NET sets it: connections have it from their listener.
            listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, false);
        }

        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, listener.Port);
        using (Socket server = listener.Accept())
        {
            server.Shutdown(SocketShutdown.Both);
        }

        Assert.Equal(0, client.Receive(new byte[1]));
        return listener.Port;
    }

    private static PortBinding Probe(bool managed, int port, bool udp) =>
        PortAvailabilityCheck.Settle(HostPlatform.Current, managed ? ManagedPortProbe.Probe(port, udp) : HostPlatform.Current.Probe(port, udp), port);

    private static Socket Open(string address, Func<Socket> open)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 || !address.Contains(':', StringComparison.Ordinal), "this host does without IPv6");
        return open();
    }
}

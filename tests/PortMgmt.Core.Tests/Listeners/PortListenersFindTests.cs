using System.Net;
using System.Net.Sockets;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Listeners;

[Collection(SocketsAndPrograms.Name)]
public sealed class PortListenersFindTests
{
    private const string NoIPv6 = "This machine has no IPv6.";

    [Fact]
    public void Find_IPv4Wildcard_GivesOneRowWithThisProcess()
    {
        using Socket socket = TestSockets.Listen(IPAddress.Any);

        PortListener row = Assert.Single(PortListeners.Find(socket.Port, PortProtocol.Tcp));

        Assert.Equal(socket.Port, row.Port);
        Assert.Equal(PortProtocol.Tcp, row.Protocol);
        Assert.Equal(IPAddress.Any, row.Address);
        Assert.Equal(Environment.ProcessId, row.Id);
        Assert.False(string.IsNullOrEmpty(row.Program));
        Assert.Null(row.LeaseName);
    }

    [SkippableFact]
    public void Find_IPv6WildcardOnly_GivesIPv6Wildcard()
    {
        Skip.IfNot(Socket.OSSupportsIPv6, NoIPv6);
        using Socket socket = TestSockets.Listen(IPAddress.IPv6Any);

        Assert.Equal(IPAddress.IPv6Any, Assert.Single(PortListeners.Find(socket.Port, PortProtocol.Tcp)).Address);
    }

    [SkippableFact]
    public void Find_DualStackWildcard_GivesOneRow()
    {
        Skip.IfNot(Socket.OSSupportsIPv6, NoIPv6);
        using Socket socket = TestSockets.Listen(IPAddress.IPv6Any, dualStack: true);

        Assert.Equal(IPAddress.IPv6Any, Assert.Single(PortListeners.Find(socket.Port, PortProtocol.Tcp)).Address);
    }

    [SkippableFact]
    public void Find_IPv6SocketBoundToIPv4Address_GivesIPv4Address()
    {
        Skip.IfNot(Socket.OSSupportsIPv6, NoIPv6);
        using Socket socket = TestSockets.Listen(IPAddress.Loopback.MapToIPv6(), dualStack: true);

        Assert.Equal(IPAddress.Loopback, Assert.Single(PortListeners.Find(socket.Port, PortProtocol.Tcp)).Address);
    }

    [SkippableFact]
    public void Find_BothLoopbacksOnOnePort_GivesIPv4BeforeIPv6()
    {
        Skip.IfNot(Socket.OSSupportsIPv6, NoIPv6);
        (Socket v4, Socket v6) = TestSockets.Pair(() => TestSockets.Listen(IPAddress.Loopback), port => TestSockets.Listen(IPAddress.IPv6Loopback, port));
        using (v4)
        using (v6)
        {
            Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], PortListeners.Find(v4.Port, PortProtocol.Tcp).Select(row => row.Address));
        }
    }

    [Fact]
    public void Find_BoundUdpSocket_GivesItAsUdp()
    {
        using Socket socket = TestSockets.BindUdp(IPAddress.Loopback);

        PortListener row = Assert.Single(PortListeners.Find(socket.Port, PortProtocol.Udp));

        Assert.Equal((PortProtocol.Udp, IPAddress.Loopback, Environment.ProcessId), (row.Protocol, row.Address, row.Id));
    }

    [SkippableFact]
    public void Find_ConnectedUdpSocket_GivesNothing()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows does not tell whether a UDP socket is connected.");
        using Socket socket = TestSockets.BindUdp(IPAddress.Loopback);
        socket.Connect(IPAddress.Loopback, 9);

        Assert.Empty(PortListeners.Find(socket.Port, PortProtocol.Udp));
    }

    [Fact]
    public void Find_TcpSocketBoundButNotListening_GivesNothing()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        Assert.Empty(PortListeners.Find(socket.Port, PortProtocol.Tcp));
    }

    [Fact]
    public void Find_AcceptedConnection_GivesTheListenerAlone()
    {
        using Socket socket = TestSockets.Listen(IPAddress.Loopback);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, socket.Port);
        using Socket server = socket.Accept();

        Assert.Single(PortListeners.Find(socket.Port, PortProtocol.Tcp));
        Assert.Empty(PortListeners.Find(client.Port, PortProtocol.Tcp));
    }

    [Theory]
    [InlineData(PortProtocol.Tcp, new[] { PortProtocol.Tcp })]
    [InlineData(PortProtocol.Udp, new[] { PortProtocol.Udp })]
    [InlineData(PortProtocol.Both, new[] { PortProtocol.Tcp, PortProtocol.Udp })]
    public void Find_TcpAndUdpOnOnePort_GivesTheProtocolAskedFor(PortProtocol asked, PortProtocol[] expected)
    {
        (Socket tcp, Socket udp) = TestSockets.Pair(() => TestSockets.Listen(IPAddress.Loopback), port => TestSockets.BindUdp(IPAddress.Loopback, port));
        using (tcp)
        using (udp)
        {
            Assert.Equal(expected, PortListeners.Find(tcp.Port, asked).Select(row => row.Protocol));
        }
    }

    [Fact]
    public void Find_ManyListenersOfThisProcess_GivesEachByRisingPort()
    {
        Socket[] sockets = [.. Enumerable.Range(0, 500).Select(_ => TestSockets.Listen(IPAddress.Loopback))];
        try
        {
            IReadOnlyList<PortListener> rows = PortListeners.Find(protocol: PortProtocol.Tcp);

            HashSet<int> wanted = [.. sockets.Select(socket => socket.Port)];
            Assert.Equal(wanted.Order(), rows.Where(row => row.Id == Environment.ProcessId && wanted.Contains(row.Port)).Select(row => row.Port));
            Assert.Equal(rows.Select(row => row.Port).Order(), rows.Select(row => row.Port));
        }
        finally
        {
            Array.ForEach(sockets, socket => socket.Dispose());
        }
    }

    [SkippableFact]
    public void Find_TwoEqualSocketsOfThisProcess_GivesOneRow()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Sharing an address needs SO_REUSEPORT, which this test sets as Linux has it.");
        using Socket first = SharedPort(0);
        using Socket second = SharedPort(first.Port);

        Assert.Single(PortListeners.Find(first.Port, PortProtocol.Tcp));

        static Socket SharedPort(int port)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            const int SolSocket = 1;
            const int SoReusePort = 15;
            socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return socket;
        }
    }

    [Fact]
    public void Find_ClosedListener_GivesNothing()
    {
        Socket socket = TestSockets.Listen(IPAddress.Loopback);
        int port = socket.Port;
        Assert.Single(PortListeners.Find(port, PortProtocol.Tcp));

        socket.Dispose();

        Assert.Empty(PortListeners.Find(port, PortProtocol.Tcp));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Find_PortOutOfRange_Throws(int port) =>
        Assert.Equal("port", Assert.Throws<ArgumentOutOfRangeException>(() => PortListeners.Find(port)).ParamName);

    [Fact]
    public void Find_UnknownProtocol_Throws() =>
        Assert.Equal("protocol", Assert.Throws<ArgumentOutOfRangeException>(() => PortListeners.Find(protocol: (PortProtocol)7)).ParamName);
}

using System.Net;
using System.Net.Sockets;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Listeners;

[Collection(SocketsAndPrograms.Name)]
public sealed class PortListenersIsListeningTests
{
    [Theory]
    [InlineData("0.0.0.0", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::", false)]
    [InlineData("::", true)]
    [InlineData("::1", false)]
    public void IsListening_ListenerOnAnyAddress_IsTrueUntilClosed(string address, bool dualStack)
    {
        var local = IPAddress.Parse(address);
        Assert.SkipWhen(local.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6, "This machine has no IPv6.");
        using Socket socket = TestSockets.Listen(local, dualStack: dualStack);
        int port = socket.Port;

        Assert.True(PortListeners.IsListening(port));
        Assert.True(PortListeners.IsListening(port, PortProtocol.Both));

        socket.Dispose();
        Assert.False(PortListeners.IsListening(port));
    }

    [Fact]
    public void IsListening_UdpSocket_IsTrueForUdpAlone()
    {
        (Socket tcp, Socket udp) = TestSockets.Pair(() => TestSockets.Listen(IPAddress.Any), port => TestSockets.BindUdp(IPAddress.Any, port));
        tcp.Dispose();
        using (udp)
        {
            Assert.True(PortListeners.IsListening(udp.Port, PortProtocol.Udp));
            Assert.True(PortListeners.IsListening(udp.Port, PortProtocol.Both));
            Assert.False(PortListeners.IsListening(udp.Port, PortProtocol.Tcp));
        }
    }

    [Fact]
    public void IsListening_ManyThreads_AllAreTold()
    {
        using Socket socket = TestSockets.Listen(IPAddress.Loopback);
        int port = socket.Port;

        // The system gives its whole table for each, which takes some 80 ms in Wine.
        int calls = OperatingSystem.IsWindows() ? 100 : 2000;
        Parallel.For(0, calls, _ => Assert.True(PortListeners.IsListening(port)));
    }

    [Fact]
    public void IsListening_Repeated_LeavesNoDescriptorOpen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        int port = TestSockets.FreePort();

        // More than the usual limit of open files, so that a leak fails whatever the tests beside this one open.
        for (int i = 0; i < 30_000; i++)
        {
            PortListeners.IsListening(port);
        }

        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 1, 10_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public void IsListening_PortOutOfRange_Throws(int port) =>
        Assert.Equal("port", Assert.Throws<ArgumentOutOfRangeException>(() => PortListeners.IsListening(port)).ParamName);
}

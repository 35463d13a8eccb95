using System.Buffers.Binary;
using System.Net;
using PortMgmt.Listeners;
using PortMgmt.Listeners.Mac;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Listeners;

/// <summary>
/// The offsets are those that a C compiler gives for struct socket_fdinfo of XNU's bsd/sys/proc_info.h:
/// <c>psi.soi_protocol</c> 180, <c>soi_family</c> 184, <c>soi_kind</c> 256, <c>insi_fport</c> 264, <c>insi_lport</c> 268,
/// <c>insi_laddr</c> 312, <c>tcpsi_state</c> 344, size 792.
/// </summary>
public sealed class MacSocketInfoTests
{
    private const int TcpKind = 2;
    private const int InternetKind = 1;
    private const int UnixKind = 3;

    [Fact]
    public void Read_ListeningTcpSocket_GivesPortAndIPv4Address() => Assert.Equal(
        new PortListener { Protocol = PortProtocol.Tcp, Port = 8080, Address = IPAddress.Loopback },
        MacSocketInfo.Read(Info(TcpKind, protocol: 6, family: 2, localPort: 8080, foreignPort: 0, state: 1, "127.0.0.1")));

    [Fact]
    public void Read_ListeningTcpV6Socket_GivesIPv6Address() => Assert.Equal(
        new PortListener { Protocol = PortProtocol.Tcp, Port = 8080, Address = IPAddress.IPv6Any },
        MacSocketInfo.Read(Info(TcpKind, protocol: 6, family: 30, localPort: 8080, foreignPort: 0, state: 1, "::")));

    [Fact]
    public void Read_UnconnectedUdpSocket_GivesIt() => Assert.Equal(
        new PortListener { Protocol = PortProtocol.Udp, Port = 5353, Address = IPAddress.Any },
        MacSocketInfo.Read(Info(InternetKind, protocol: 17, family: 2, localPort: 5353, foreignPort: 0, state: 0, "0.0.0.0")));

    [Theory]
    [InlineData(TcpKind, 6, 2, 8080, 50000, 4)]
    [InlineData(TcpKind, 6, 2, 0, 0, 1)]
    [InlineData(InternetKind, 17, 2, 8080, 53, 0)]
    [InlineData(InternetKind, 1, 2, 8080, 0, 0)]
    [InlineData(UnixKind, 0, 1, 8080, 0, 1)]
    public void Read_AnyOtherSocket_GivesNull(int kind, int protocol, int family, int localPort, int foreignPort, int state) =>
        Assert.Null(MacSocketInfo.Read(Info(kind, protocol, family, localPort, foreignPort, state, "127.0.0.1")));

    private static byte[] Info(int kind, int protocol, int family, int localPort, int foreignPort, int state, string address)
    {
        byte[] info = new byte[792];
        Span<byte> span = info;
        BinaryPrimitives.WriteInt32LittleEndian(span[180..], protocol);
        BinaryPrimitives.WriteInt32LittleEndian(span[184..], family);
        BinaryPrimitives.WriteInt32LittleEndian(span[256..], kind);
        BinaryPrimitives.WriteUInt16BigEndian(span[264..], (ushort)foreignPort);
        BinaryPrimitives.WriteUInt16BigEndian(span[268..], (ushort)localPort);
        byte[] bytes = IPAddress.Parse(address).GetAddressBytes();
        bytes.CopyTo(span[(312 + 16 - bytes.Length)..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[344..], state);
        return info;
    }
}

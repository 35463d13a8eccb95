using System.Net;
using System.Net.Sockets;
using System.Text;
using PortMgmt.Listeners;
using PortMgmt.Listeners.Linux;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Listeners;

/// <summary>The recorded texts are those of a little-endian machine, as are all that .NET runs on but s390x.</summary>
public sealed class ProcNetTableTests
{
    private const string TcpText = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1213 1 0000000000000000 100 0 0 10 0
           1: 0100007F:4705 00000000:0000 0A 00000000:00000001 00:00000000 00000000  1000        0 52761 2 0000000000000000 100 0 0 10 0
           2: 0100007F:4705 0100007F:D2C4 01 00000000:00000000 00:00000000 00000000  1000        0 52765 1 0000000000000000 20 4 30 10 -1
           3: 0100007F:07E8 0100007F:B0F2 06 00000000:00000000 03:00000F2A 00000000     0        0 0 3 0000000000000000

        """;

    private const string Tcp6Text = """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 40001 1 0000000000000000 100 0 0 10 0
           1: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 40002 1 0000000000000000 100 0 0 10 0
           2: 0000000000000000FFFF00000100007F:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 40003 1 0000000000000000 100 0 0 10 0
           3: B80D0120000000000000000067452301:1F93 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 40004 1 0000000000000000 100 0 0 10 0

        """;

    private const string UdpText = """
           sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
         2219: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 18313 2 0000000000000000 0
        10483: 0F02000A:81AD 01010101:0035 01 00000000:00000000 00:00000000 00000000  1000        0 60112 2 0000000000000000 0

        """;

    private static readonly SocketTable Tcp = new(PortProtocol.Tcp, IsIPv6: false);
    private static readonly SocketTable Tcp6 = new(PortProtocol.Tcp, IsIPv6: true);
    private static readonly SocketTable Udp = new(PortProtocol.Udp, IsIPv6: false);

    [Fact]
    public void Read_TcpTable_GivesListenersOnly() => Assert.Equal(
        [
            new(PortProtocol.Tcp, 2024, IPAddress.Any, 1213),
            new(PortProtocol.Tcp, 18181, IPAddress.Loopback, 52761) { UserId = 1000 },
        ],
        Read(TcpText, Tcp));

    [Fact]
    public void Read_Tcp6Table_GivesAddressesInNetworkOrder() => Assert.Equal(
        [
            new(PortProtocol.Tcp, 8080, IPAddress.IPv6Any, 40001),
            new(PortProtocol.Tcp, 8081, IPAddress.IPv6Loopback, 40002),
            new(PortProtocol.Tcp, 8082, IPAddress.Loopback, 40003),
            new(PortProtocol.Tcp, 8083, IPAddress.Parse("2001:db8::123:4567"), 40004),
        ],
        Read(Tcp6Text, Tcp6));

    [Fact]
    public void Read_UdpTable_LeavesOutConnectedSockets() =>
        Assert.Equal([new(PortProtocol.Udp, 53, IPAddress.Parse("127.0.0.53"), 18313) { UserId = 101 }], Read(UdpText, Udp));

    [Fact]
    public void Read_AnyState_GivesConnectionsWithTheirOtherEndAndClosedOnes()
    {
        List<InetSocket> found = Read(TcpText, Tcp, anyState: true);

        Assert.Equal([SocketUse.Listening, SocketUse.Listening, SocketUse.Connected, SocketUse.Closed], found.Select(socket => socket.Use));
        Assert.Equal([null, null, new IPEndPoint(IPAddress.Loopback, 0xD2C4), new IPEndPoint(IPAddress.Loopback, 0xB0F2)], found.Select(socket => socket.Peer));
        Assert.Equal([SocketUse.Listening, SocketUse.Connected], Read(UdpText, Udp, anyState: true).Select(socket => socket.Use));
    }

    [Theory]
    [InlineData(18181, true)]
    [InlineData(2024, true)]
    [InlineData(53956, false)]
    [InlineData(80, false)]
    public void Read_OnePortWithoutList_TellsWhetherItListens(int port, bool expected)
    {
        using MemoryStream text = new(Encoding.ASCII.GetBytes(TcpText));

        Assert.Equal(expected, ProcNetTable.Read(text, Tcp, port, anyState: false, found: null));
    }

    [Fact]
    public void Read_TextInSmallPieces_GivesTheSame()
    {
        List<InetSocket> found = [];
        using DribblingStream text = new(Encoding.ASCII.GetBytes(Tcp6Text));

        Assert.True(ProcNetTable.Read(text, Tcp6, port: 0, anyState: false, found));
        Assert.Equal(Read(Tcp6Text, Tcp6), found);
    }

    [Fact]
    public void Read_TextLongerThanTheBuffer_GivesEveryLine()
    {
        StringBuilder text = new("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n");
        for (int port = 1; port <= 3000; port++)
        {
            text.Append($"{port,4}: 0100007F:{port:X4} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 {port + 7} 1 0000000000000000 100 0 0 10 0\n");
        }

        List<InetSocket> found = Read(text.ToString(), Tcp);

        Assert.Equal(Enumerable.Range(1, 3000), found.Select(socket => socket.Port));
        Assert.All(found, socket => Assert.Equal((uint)socket.Port + 7, socket.Inode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("   0: 00000000:07E8\n")]
    [InlineData("   0: 00000000-07E8 00000000:0000 0A 0:0 0:0 0 0 0 1\n")]
    [InlineData("   0: 000000:07E8 00000000:0000 0A 0:0 0:0 0 0 0 1\n")]
    [InlineData("   0: 00000000:0000 00000000:0000 0A 0:0 0:0 0 0 0 1\n")]
    [InlineData("   0: 00000000:07E8 00000000:0000 0A 0:0 0:0 0 0 0 x\n")]
    public void Read_LineThatIsNoListener_GivesNothing(string text) => Assert.Empty(Read(text, Tcp));

    [Fact]
    public void Ask_RealTable_GivesWhatSockDiagGives()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc/net is there on Linux alone.");
        using Socket socket = TestSockets.Listen(IPAddress.Loopback);
        List<InetSocket> text = [];
        List<InetSocket> kernel = [];

        Assert.True(ProcNetTable.Query(Tcp, socket.Port, anyState: false, text));
        using (var diag = SockDiag.Open())
        {
            bool? answer = diag.Query(Tcp, socket.Port, anyState: false, kernel);
            Assert.SkipWhen(answer is null, "The kernel refuses sock_diag to this process.");
        }

        Assert.Equal(kernel, text);
        Assert.Equal((IPAddress.Loopback, socket.Port), Assert.Single(text.Select(row => (row.Address, row.Port))));
    }

    private static List<InetSocket> Read(string text, SocketTable table, bool anyState = false)
    {
        List<InetSocket> found = [];
        using MemoryStream stream = new(Encoding.ASCII.GetBytes(text));
        bool any = ProcNetTable.Read(stream, table, port: 0, anyState, found);
        Assert.Equal(found.Count > 0, any);
        return found;
    }

    /// <summary>Gives a few bytes at each reading, as pipes and the kernel's text files may.</summary>
    private sealed class DribblingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 7));
    }
}

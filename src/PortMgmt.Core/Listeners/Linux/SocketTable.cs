using PortMgmt.Platform.Native;
using PortMgmt.Ports;

namespace PortMgmt.Listeners.Linux;

/// <summary>One of the kernel's four tables of internet sockets.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="IsIPv6">Whether it holds IPv6 sockets (dual-stack ones are among them) rather than IPv4 ones.</param>
internal readonly record struct SocketTable(PortProtocol Protocol, bool IsIPv6)
{
    private const byte TcpListen = 10;
    private const byte TcpClose = 7;
    private const byte TcpBoundInactive = 13;

    /// <summary>All four, IPv6 first: there a server for both families is found.</summary>
    public static ReadOnlySpan<SocketTable> All => Tables;

    private static readonly SocketTable[] Tables =
    [
        new(PortProtocol.Tcp, IsIPv6: true),
        new(PortProtocol.Tcp, IsIPv6: false),
        new(PortProtocol.Udp, IsIPv6: true),
        new(PortProtocol.Udp, IsIPv6: false),
    ];

    /// <summary>The address family.</summary>
    public byte Family => (byte)(IsIPv6 ? LinuxLibC.AF_INET6 : LinuxLibC.AF_INET);

    /// <summary>IPPROTO_TCP or IPPROTO_UDP.</summary>
    public byte IpProtocol => Protocol == PortProtocol.Tcp ? (byte)6 : (byte)17;

    /// <summary>The state of a socket that listens (net/tcp_states.h): a UDP socket that is bound and not connected is in TCP_CLOSE.</summary>
    public byte ListeningState => Protocol == PortProtocol.Tcp ? TcpListen : TcpClose;

    /// <summary>What a socket in a state uses its port for. A kernel from 6.8 on tells those that are merely bound, in a state of their own or as closed.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="inode">Its inode; 0 where no process has it any more.</param>
    public SocketUse UseOf(uint state, uint inode) => (Protocol, state) switch
    {
        (PortProtocol.Udp, TcpClose) or (PortProtocol.Tcp, TcpListen) => SocketUse.Listening,
        (PortProtocol.Tcp, TcpClose or TcpBoundInactive) => SocketUse.Bound,
        (PortProtocol.Tcp, _) when inode == 0 => SocketUse.Closed,
        _ => SocketUse.Connected,
    };

    /// <summary>The table as text.</summary>
    public string Path => (Protocol, IsIPv6) switch
    {
        (PortProtocol.Tcp, false) => "/proc/net/tcp",
        (PortProtocol.Tcp, true) => "/proc/net/tcp6",
        (_, false) => "/proc/net/udp",
        (_, true) => "/proc/net/udp6",
    };
}

using System.Buffers.Binary;
using PortMgmt.Ports;

namespace PortMgmt.Listeners.Mac;

/// <summary>Reads struct socket_fdinfo of XNU's sys/proc_info.h. The offsets are the same on x64 and Arm64.</summary>
internal static class MacSocketInfo
{
    /// <summary>The structure's length in bytes.</summary>
    public const int Length = 792;

    private const int ProtocolOffset = 180;
    private const int FamilyOffset = 184;
    private const int KindOffset = 256;
    private const int ForeignPortOffset = 264;
    private const int LocalPortOffset = 268;
    private const int LocalAddressOffset = 312;
    private const int TcpStateOffset = 344;

    private const int IPv4Family = 2;
    private const int IPv6Family = 30;
    private const int InternetKind = 1;
    private const int TcpKind = 2;
    private const int UdpProtocol = 17;
    private const int TcpListen = 1;

    /// <summary>Reads a socket.</summary>
    /// <param name="info">The structure.</param>
    /// <returns>The listener without its process; null when the socket does not listen or is bound and connected.</returns>
    public static PortListener? Read(ReadOnlySpan<byte> info)
    {
        int family = ReadInt(info, FamilyOffset);
        int port = ReadPort(info, LocalPortOffset);
        if (port == 0 || family is not (IPv4Family or IPv6Family) || Protocol(info) is not { } protocol)
        {
            return null;
        }

        ReadOnlySpan<byte> address = info.Slice(LocalAddressOffset, 16);
        return new()
        {
            Port = port,
            Protocol = protocol,
            Address = ListenerAddress.From(family == IPv4Family ? address[12..] : address),
        };
    }

    private static PortProtocol? Protocol(ReadOnlySpan<byte> info) => ReadInt(info, KindOffset) switch
    {
        TcpKind when ReadInt(info, TcpStateOffset) == TcpListen => PortProtocol.Tcp,
        InternetKind when ReadInt(info, ProtocolOffset) == UdpProtocol && ReadPort(info, ForeignPortOffset) == 0 => PortProtocol.Udp,
        _ => null,
    };

    private static int ReadInt(ReadOnlySpan<byte> info, int offset) => BinaryPrimitives.ReadInt32LittleEndian(info[offset..]);

    /// <summary>Ports are kept as an int whose low 16 bits are in network order.</summary>
    private static int ReadPort(ReadOnlySpan<byte> info, int offset) => BinaryPrimitives.ReadUInt16BigEndian(info[offset..]);
}

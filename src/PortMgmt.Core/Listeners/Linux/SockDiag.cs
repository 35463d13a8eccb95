using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PortMgmt.Platform.Native;

namespace PortMgmt.Listeners.Linux;

/// <summary>
/// Asks the kernel for sockets by sock_diag(7), as <c>ss</c> does: with few listeners 15 µs a table, where the text in
/// /proc/net takes milliseconds, since the kernel walks its whole hash of connections for that.
/// </summary>
internal readonly ref struct SockDiag : IDisposable
{
    // The kernel fills its messages up to the reader's buffer, and to 32 KiB at most (netlink_dump).
    private const int BufferLength = 32 * 1024;

    private const uint AnyState = uint.MaxValue;

    private readonly int _socket;

    private SockDiag(int socket) => _socket = socket;

    /// <summary>Opens a netlink socket. Where that is forbidden (containers with a strict seccomp profile) every question is refused.</summary>
    public static SockDiag Open() =>
        new(LinuxLibC.Socket(LinuxNative.AF_NETLINK, LinuxNative.SOCK_RAW | LinuxLibC.SOCK_CLOEXEC, LinuxNative.NETLINK_SOCK_DIAG));

    /// <summary>Looks for sockets in a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="port">Only this port (for what is not merely bound the kernel filters); 0 for all.</param>
    /// <param name="anyState">Whether in any state, for which the kernel walks its hash of connections (some 0.3 ms); else only those that listen.</param>
    /// <param name="found">Gets the sockets; null to stop at the first, after which nothing else can be asked.</param>
    /// <returns>Whether there was one; null when the kernel does not answer, perhaps half-way.</returns>
    [SkipLocalsInit]
    public bool? Query(SocketTable table, int port, bool anyState, List<InetSocket>? found)
    {
        if (_socket < 0 || !Send(table, port, anyState))
        {
            return null;
        }

        Span<byte> buffer = stackalloc byte[BufferLength];
        bool any = false;
        while (true)
        {
            int length = Receive(buffer);
            if (length <= 0)
            {
                return null;
            }

            Span<byte> rest = buffer[..length];
            while (MemoryMarshal.TryRead(rest, out NetlinkHeader header) && header.Length >= Unsafe.SizeOf<NetlinkHeader>() && header.Length <= rest.Length)
            {
                if (header.Type == NetlinkHeader.Done)
                {
                    return any;
                }

                if (header.Type == NetlinkHeader.Error)
                {
                    return null;
                }

                if (header.Type == NetlinkHeader.SockDiagByFamily && Read(rest[Unsafe.SizeOf<NetlinkHeader>()..(int)header.Length], table, port, found))
                {
                    any = true;
                    if (found is null)
                    {
                        return true;
                    }
                }

                rest = rest[Math.Min(rest.Length, (int)(header.Length + 3 & ~3u))..];
            }
        }
    }

    public void Dispose()
    {
        if (_socket >= 0)
        {
            _ = LinuxLibC.Close(_socket);
        }
    }

    private static bool Read(ReadOnlySpan<byte> body, SocketTable table, int port, List<InetSocket>? found)
    {
        if (!MemoryMarshal.TryRead(body, out InetDiagMessage message) || message.Id.SourcePort == 0)
        {
            return false;
        }

        // Of the sockets that are merely bound the kernel tells all, whichever port it was asked for.
        if (port != 0 && NetworkOrder(message.Id.SourcePort) != port)
        {
            return false;
        }

        int length = table.IsIPv6 ? 16 : 4;
        found?.Add(new(
            table.Protocol,
            NetworkOrder(message.Id.SourcePort),
            ListenerAddress.From(((ReadOnlySpan<byte>)message.Id.Source)[..length], message.Id.Interface),
            message.Inode)
        {
            Use = table.UseOf(message.State, message.Inode),
            Peer = ListenerAddress.PeerFrom(((ReadOnlySpan<byte>)message.Id.Destination)[..length], NetworkOrder(message.Id.DestinationPort)),
            UserId = message.UserId,
        });
        return true;
    }

    private static ushort NetworkOrder(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private unsafe bool Send(SocketTable table, int port, bool anyState)
    {
        InetDiagRequest request = new()
        {
            Header = new()
            {
                Length = (uint)sizeof(InetDiagRequest),
                Type = NetlinkHeader.SockDiagByFamily,
                Flags = NetlinkHeader.DumpRequest,
            },
            Family = table.Family,
            Protocol = table.IpProtocol,
            States = anyState ? AnyState : 1u << table.ListeningState,
            Id = new() { SourcePort = NetworkOrder((ushort)port) },
        };
        return LinuxNative.Send(_socket, &request, (nuint)sizeof(InetDiagRequest), 0) == sizeof(InetDiagRequest);
    }

    // A dump's next part is always there when the last one was read, so waiting could only mean waiting for ever.
    private unsafe int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)LinuxNative.Receive(_socket, start, (nuint)buffer.Length, LinuxNative.MSG_DONTWAIT);
        }
    }
}

using System.Runtime.InteropServices;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Linux;

/// <summary>
/// Binds a port by bare system calls: System.Net.Sockets would cost a first call some 20 ms of loading. One socket of
/// both address families takes the wildcard of each, at half the cost of two; a host without IPv6 needs the IPv4 one alone.
/// </summary>
internal static unsafe class LinuxPortProbe
{
    private const int AddressLength4 = 16;
    private const int AddressLength6 = 28;

    public static PortBinding Probe(int port, bool udp)
    {
        PortBinding binding = TryBind(port, udp, reuse: false);

        // UDP has no TIME_WAIT, and its address reuse would share the port silently. With TCP a socket that is bound or connected lets
        // itself be bound beside as well, so that this does not tell it from a connection that was closed.
        return binding == PortBinding.Busy && !udp && TryBind(port, udp, reuse: true) == PortBinding.Free ? PortBinding.Shared : binding;
    }

    private static PortBinding TryBind(int port, bool udp, bool reuse) =>
        TryBind(LinuxLibC.AF_INET6, port, udp, reuse) ?? TryBind(LinuxLibC.AF_INET, port, udp, reuse) ?? PortBinding.Forbidden;

    /// <summary>Binds on one family; null where the host does without it.</summary>
    private static PortBinding? TryBind(int family, int port, bool udp, bool reuse)
    {
        int type = (udp ? LinuxLibC.SOCK_DGRAM : LinuxLibC.SOCK_STREAM) | LinuxLibC.SOCK_CLOEXEC;
        int socket = LinuxLibC.Socket(family, type, 0);
        if (socket < 0)
        {
            return Explain();
        }

        try
        {
            int on = 1, off = 0;
            if (reuse)
            {
                _ = LinuxLibC.SetSocketOption(socket, LinuxLibC.SOL_SOCKET, LinuxLibC.SO_REUSEADDR, &on, sizeof(int));
            }

            if (family == LinuxLibC.AF_INET6)
            {
                _ = LinuxLibC.SetSocketOption(socket, LinuxLibC.IPPROTO_IPV6, LinuxLibC.IPV6_V6ONLY, &off, sizeof(int));
            }

            // A zeroed address is the wildcard of either family; family and port stand first in both.
            byte* address = stackalloc byte[AddressLength6];
            new Span<byte>(address, AddressLength6).Clear();
            *(ushort*)address = (ushort)family;
            address[2] = (byte)(port >> 8);
            address[3] = (byte)port;
            uint length = family == LinuxLibC.AF_INET ? AddressLength4 : (uint)AddressLength6;
            bool bound = LibC.Bind(socket, address, length) == 0 && (udp || LibC.Listen(socket, 1) == 0);
            return bound ? PortBinding.Free : Explain();
        }
        finally
        {
            _ = LinuxLibC.Close(socket);
        }
    }

    private static PortBinding? Explain() => Marshal.GetLastPInvokeError() switch
    {
        LinuxLibC.EADDRINUSE => PortBinding.Busy,
        LibC.EACCES or LibC.EPERM => PortBinding.Forbidden,
        LinuxLibC.EAFNOSUPPORT or LinuxLibC.EADDRNOTAVAIL => null,
        int error => throw new IOException($"a port could not be tried: {Marshal.GetPInvokeErrorMessage(error)}", error),
    };
}

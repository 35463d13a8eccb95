using System.Net;
using System.Net.Sockets;

namespace PortMgmt.Platform;

/// <summary>Binds a port through .NET's sockets, where no cheaper way was worth its code.</summary>
internal static class ManagedPortProbe
{
    public static PortBinding Probe(int port, bool udp)
    {
        PortBinding ip4 = Probe(IPAddress.Any, port, udp);
        if (ip4 is PortBinding.Busy or PortBinding.Forbidden)
            return ip4;
        PortBinding ip6 = Probe(IPAddress.IPv6Any, port, udp);
        return ip6 == PortBinding.Free ? ip4 : ip6;
    }

    private static PortBinding Probe(IPAddress address, int port, bool udp)
    {
        PortBinding binding = TryBind(address, port, udp, reuse: false);

        // Windows lets an exclusive bind pass over TIME_WAIT by itself; UDP has none.
        if (binding == PortBinding.Busy && !udp && !OperatingSystem.IsWindows()
            && TryBind(address, port, udp, reuse: true) == PortBinding.Free)
            return PortBinding.Lingering;
        return binding;
    }

    private static PortBinding TryBind(IPAddress address, int port, bool udp, bool reuse)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, udp ? SocketType.Dgram : SocketType.Stream, udp ? ProtocolType.Udp : ProtocolType.Tcp);
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            if (OperatingSystem.IsWindows())
                socket.ExclusiveAddressUse = true;
            else
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, reuse);
            socket.Bind(new IPEndPoint(address, port));
            if (!udp)
                socket.Listen(1);
            return PortBinding.Free;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return PortBinding.Busy;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AccessDenied)
        {
            return PortBinding.Forbidden;
        }
        catch (SocketException failure) when (failure.SocketErrorCode
            is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable or SocketError.ProtocolFamilyNotSupported)
        {
            // The host does without this address family, so nothing can be in the way there.
            return PortBinding.Free;
        }
    }
}

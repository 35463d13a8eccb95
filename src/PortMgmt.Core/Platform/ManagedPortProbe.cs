using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform;

/// <summary>Binds a port through .NET's sockets, where no cheaper way was worth its code.</summary>
internal static unsafe class ManagedPortProbe
{
    public static PortBinding Probe(int port, bool udp)
    {
        PortBinding ip4 = Probe(IPAddress.Any, port, udp);
        if (ip4 is PortBinding.Busy or PortBinding.Forbidden)
        {
            return ip4;
        }

        PortBinding ip6 = Probe(IPAddress.IPv6Any, port, udp);
        return ip6 == PortBinding.Free ? ip4 : ip6;
    }

    private static PortBinding Probe(IPAddress address, int port, bool udp)
    {
        PortBinding binding = TryBind(address, port, udp, reuse: false);
        if (binding != PortBinding.Busy || udp || OperatingSystem.IsWindows())
        {
            return binding;
        }

        // With address reuse macOS binds beside a listener on one address too, so that a bind alone does not tell them apart.
        return TryBind(address, port, udp, reuse: true) == PortBinding.Free ? PortBinding.Shared : PortBinding.Busy;
    }

    private static PortBinding TryBind(IPAddress address, int port, bool udp, bool reuse)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, udp ? SocketType.Dgram : SocketType.Stream, udp ? ProtocolType.Udp : ProtocolType.Tcp);
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            if (reuse)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            return OperatingSystem.IsWindows() ? BindOnWindows(socket, address, port, udp) : BindOnUnix(socket, address, port, udp);
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

    private static PortBinding BindOnWindows(Socket socket, IPAddress address, int port, bool udp)
    {
        // An exclusive bind passes over TIME_WAIT by itself.
        socket.ExclusiveAddressUse = true;
        socket.Bind(new IPEndPoint(address, port));
        if (!udp)
        {
            socket.Listen(1);
        }

        return PortBinding.Free;
    }

    // Socket.Bind turns address reuse on for TCP on every Unix and cannot be kept from it.
    private static PortBinding BindOnUnix(Socket socket, IPAddress address, int port, bool udp)
    {
        bool isMac = OperatingSystem.IsMacOS();
        int inUse = isMac ? 48 : 98, notAvailable = isMac ? 49 : 99;
        SocketAddress native = new IPEndPoint(address, port).Serialize();
        int descriptor = (int)socket.Handle;
        fixed (byte* start = native.Buffer.Span)
        {
            if (LibC.Bind(descriptor, start, (uint)native.Size) == 0 && (udp || LibC.Listen(descriptor, 1) == 0))
            {
                return PortBinding.Free;
            }
        }

        int error = Marshal.GetLastPInvokeError();
        if (error == inUse)
        {
            return PortBinding.Busy;
        }

        if (error is LibC.EACCES or LibC.EPERM)
        {
            return PortBinding.Forbidden;
        }

        return error == notAvailable
            ? PortBinding.Free
            : throw new IOException($"a port could not be tried: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }
}

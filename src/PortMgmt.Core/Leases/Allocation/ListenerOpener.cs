using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>Opens the sockets of a request for ports to listen on, all or none. Not thread-safe.</summary>
internal sealed class ListenerOpener : IDisposable
{
    // What the system cuts to its own limit (net.core.somaxconn).
    private const int Backlog = 4096;

    private readonly IPAddress? _address;
    private readonly bool _isUdp;
    private readonly List<Socket> _sockets = [];

    /// <summary>Makes it, and goes the way once: the first socket of a process costs some 20 ms, which nobody is to wait for under the registry's lock.</summary>
    /// <param name="address">The address to listen on; null for every address of both families.</param>
    /// <param name="protocol">One of TCP and UDP.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>: the address is none of this machine's, or both protocols were asked for.</exception>
    public ListenerOpener(IPAddress? address, PortProtocol protocol)
    {
        if (protocol == PortProtocol.Both)
        {
            throw PortRefusals.Invalid("A socket is for TCP or for UDP: lease them one after the other to listen on both.");
        }

        if (address is not null && IsForMany(address, protocol == PortProtocol.Udp))
        {
            throw PortRefusals.Invalid($"Nobody can be reached at {address}, which is for many at once: to listen, name an address of this machine, or none for all of them.");
        }

        _address = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        _isUdp = protocol == PortProtocol.Udp;
        try
        {
            Open(0).Dispose();
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            throw PortRefusals.Invalid($"Nobody can listen on {address} here: it is no address of this machine. Name one that is, or none for all of them.");
        }
        catch (SocketException) when (address is { IsIPv6LinkLocal: true, ScopeId: 0 })
        {
            throw PortRefusals.Invalid($"Nobody can listen on {address} alone: each network of this machine may have such an address. Name the interface as well, such as {address}%eth0.");
        }
        catch (SocketException failure)
        {
            throw PortRefusals.Invalid($"The system does not let this process listen{(address is null ? "" : $" on {address}")} ({failure.Message}). Name another address of this machine, or none for all of them.");
        }
    }

    /// <summary>The sockets, in the order in which they were opened.</summary>
    public IReadOnlyList<Socket> Sockets => _sockets;

    /// <summary>Opens a socket on every port.</summary>
    /// <returns>The port that somebody has meanwhile, in which case none is open; 0 for success.</returns>
    /// <exception cref="PortRegistryException">The system refused for another reason.</exception>
    public int Open(IReadOnlyList<int> ports)
    {
        foreach (int port in ports)
        {
            try
            {
                _sockets.Add(Open(port));
            }
            catch (SocketException failure)
            {
                Dispose();
                return failure.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied
                    ? port
                    : throw new PortRegistryException(
                        PortRegistryErrorCode.PortUnavailable,
                        string.Create(CultureInfo.InvariantCulture, $"Port {port} cannot be listened on: {failure.Message}. Ask for another port, or for any by leaving the port out."))
                    {
                        Port = port,
                    };
            }
        }

        return 0;
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose()
    {
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }

        _sockets.Clear();
    }

    // Multicast and broadcast: the system lets them be bound, and no connection can come. A group is what UDP is bound to.
    private static bool IsForMany(IPAddress address, bool isUdp)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsForMany(address.MapToIPv4(), isUdp);
        }

        bool isV4 = address.AddressFamily == AddressFamily.InterNetwork;
        if (isV4 && !isUdp && IsBroadcastHere(address))
        {
            return true;
        }

        bool isGroup = isV4 ? address.GetAddressBytes()[0] is >= 224 and < 240 : address.IsIPv6Multicast;
        return isGroup ? !isUdp : isV4 && address.GetAddressBytes()[0] >= 240;
    }

    // The last address of a network that this machine is in. UDP is bound to it for what is sent to all.
    private static bool IsBroadcastHere(IPAddress address) =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(static own => own.GetIPProperties().UnicastAddresses).Any(own =>
            own.Address.AddressFamily == AddressFamily.InterNetwork && own.PrefixLength < 31
            && ToNumber(address) == (ToNumber(own.Address) | (uint.MaxValue >> own.PrefixLength)));

    private static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private Socket Open(int port)
    {
        IPAddress address = _address ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
        var socket = new Socket(address.AddressFamily, _isUdp ? SocketType.Dgram : SocketType.Stream, _isUdp ? ProtocolType.Udp : ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = _address is null;
            }

            if (OperatingSystem.IsWindows())
            {
                socket.ExclusiveAddressUse = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            if (!_isUdp)
            {
                socket.Listen(Backlog);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

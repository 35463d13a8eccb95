using System.Net;

namespace PortMgmt.Listeners;

/// <summary>Makes addresses of what systems tell.</summary>
internal static class ListenerAddress
{
    /// <summary>An address of bytes in network order. An IPv6 socket that is bound to an IPv4 address serves IPv4 alone: it has that one.</summary>
    /// <param name="bytes">4 or 16 bytes.</param>
    /// <param name="scope">The interface; it counts for link-local addresses only.</param>
    public static IPAddress From(ReadOnlySpan<byte> bytes, uint scope = 0)
    {
        IPAddress address = new(bytes);
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.IsIPv6LinkLocal)
        {
            address.ScopeId = scope;
        }

        return address;
    }

    /// <summary>The other end of a socket; null for one that is not connected.</summary>
    /// <param name="bytes">The address, 4 or 16 bytes in network order.</param>
    /// <param name="port">The port; 0 for none.</param>
    public static IPEndPoint? PeerFrom(ReadOnlySpan<byte> bytes, int port) => port == 0 ? null : new IPEndPoint(From(bytes), port);
}

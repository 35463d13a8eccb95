using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PortMgmt.Listeners.Linux;

/// <summary>struct inet_diag_sockid (linux/inet_diag.h). Ports and addresses are in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InetDiagSocketId
{
    public ushort SourcePort;
    public ushort DestinationPort;
    public AddressBytes Source;
    public AddressBytes Destination;
    public uint Interface;
    public uint CookieLow;
    public uint CookieHigh;

    /// <summary>An IPv6 address, or an IPv4 address in the first four bytes.</summary>
    [InlineArray(16)]
    internal struct AddressBytes
    {
        private byte _first;
    }
}

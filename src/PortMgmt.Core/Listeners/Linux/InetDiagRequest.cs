using System.Runtime.InteropServices;

namespace PortMgmt.Listeners.Linux;

/// <summary>A netlink header with struct inet_diag_req_v2 (linux/inet_diag.h): asks for the sockets of one table.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InetDiagRequest
{
    public NetlinkHeader Header;
    public byte Family;
    public byte Protocol;
    public byte Extensions;
    public byte Padding;

    /// <summary>One bit for each state that is wanted.</summary>
    public uint States;

    /// <summary>A dump gives only sockets of this source port where it is not zero; the rest is ignored.</summary>
    public InetDiagSocketId Id;
}

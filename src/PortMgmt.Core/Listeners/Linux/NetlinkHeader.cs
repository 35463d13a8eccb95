using System.Runtime.InteropServices;

namespace PortMgmt.Listeners.Linux;

/// <summary>struct nlmsghdr (linux/netlink.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetlinkHeader
{
    /// <summary>NLMSG_ERROR: the request was refused.</summary>
    public const ushort Error = 2;

    /// <summary>NLMSG_DONE: the end of a dump.</summary>
    public const ushort Done = 3;

    /// <summary>SOCK_DIAG_BY_FAMILY (linux/sock_diag.h).</summary>
    public const ushort SockDiagByFamily = 20;

    /// <summary>NLM_F_REQUEST | NLM_F_DUMP.</summary>
    public const ushort DumpRequest = 0x301;

    /// <summary>The message's length in bytes with this header.</summary>
    public uint Length;

    public ushort Type;
    public ushort Flags;
    public uint Sequence;
    public uint PortId;
}

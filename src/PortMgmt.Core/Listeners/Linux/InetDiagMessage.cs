using System.Runtime.InteropServices;

namespace PortMgmt.Listeners.Linux;

/// <summary>struct inet_diag_msg (linux/inet_diag.h): one socket of a dump.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InetDiagMessage
{
    public byte Family;
    public byte State;
    public byte Timer;
    public byte Retransmits;
    public InetDiagSocketId Id;
    public uint Expires;
    public uint ReceiveQueue;
    public uint SendQueue;
    public uint UserId;
    public uint Inode;
}

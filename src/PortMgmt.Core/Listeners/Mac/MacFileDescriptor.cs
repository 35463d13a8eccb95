using System.Runtime.InteropServices;

namespace PortMgmt.Listeners.Mac;

/// <summary>struct proc_fdinfo (sys/proc_info.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MacFileDescriptor
{
    /// <summary>PROX_FDTYPE_SOCKET.</summary>
    public const uint SocketType = 2;

    public int Descriptor;
    public uint Type;
}

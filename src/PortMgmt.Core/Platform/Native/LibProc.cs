using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Listeners.Mac;

namespace PortMgmt.Platform.Native;

/// <summary>The calls of libproc (libproc.h, sys/proc_info.h) that tell the open files of processes.</summary>
[SupportedOSPlatform("macos")]
internal static unsafe partial class LibProc
{
    /// <summary>PROC_ALL_PIDS.</summary>
    public const uint AllProcesses = 1;

    /// <summary>PROC_PIDLISTFDS: an array of <see cref="MacFileDescriptor"/>.</summary>
    public const int ListDescriptors = 1;

    /// <summary>PROC_PIDFDSOCKETINFO: a struct socket_fdinfo.</summary>
    public const int SocketInfo = 3;

    /// <summary>Fills an array of process ids; gives the bytes used, or needed where the buffer is null.</summary>
    [LibraryImport("libproc", EntryPoint = "proc_listpids")]
    public static partial int ListProcesses(uint type, uint typeInfo, void* buffer, int length);

    /// <summary>Fills a buffer about a process; gives the bytes used, or needed where the buffer is null; 0 or less when it may not be told.</summary>
    [LibraryImport("libproc", EntryPoint = "proc_pidinfo")]
    public static partial int ProcessInfo(int processId, int flavor, ulong argument, void* buffer, int length);

    /// <summary>Fills a buffer about an open file; gives the bytes used.</summary>
    [LibraryImport("libproc", EntryPoint = "proc_pidfdinfo")]
    public static partial int DescriptorInfo(int processId, int descriptor, int flavor, void* buffer, int length);

    /// <summary>Copies a program's name in UTF-8; gives its length.</summary>
    [LibraryImport("libproc", EntryPoint = "proc_name")]
    public static partial int ProcessName(int processId, void* buffer, uint length);
}

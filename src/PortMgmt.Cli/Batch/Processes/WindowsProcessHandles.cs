using System.Runtime.InteropServices;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>PROCESS_INFORMATION.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WindowsProcessHandles
{
    /// <summary>The process, to be closed.</summary>
    public nint Process;

    /// <summary>Its first thread, to be closed.</summary>
    public nint Thread;

    /// <summary>The process's id.</summary>
    public uint ProcessId;

    /// <summary>The thread's id.</summary>
    public uint ThreadId;
}

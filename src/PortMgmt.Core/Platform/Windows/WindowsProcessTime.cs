using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Windows;

/// <summary>When a process started, which tells it from a later one of its id.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsProcessTime
{
    /// <summary>Reads a start time as FILETIME; 0 where the system does not tell, null where there is no such process.</summary>
    public static ulong? Read(int processId)
    {
        nint process = Kernel32.OpenProcess(Kernel32.QueryLimitedInformation | Kernel32.Synchronize, 0, processId);
        if (process == 0)
        {
            // One that may not be opened is in the list of all, with the time that makes it known.
            return Marshal.GetLastPInvokeError() == Kernel32.ErrorInvalidParameter ? null : WindowsProcessList.FindStart(processId);
        }

        try
        {
            // An ended process stays known while somebody has a handle to it, whatever its exit code; and an id that is none opens the
            // process of the next lower one.
            if (Kernel32.GetProcessId(process) != processId || Kernel32.WaitForSingleObject(process, 0) == 0)
            {
                return null;
            }

            ulong created, exited, kernel, user;
            return Kernel32.GetProcessTimes(process, &created, &exited, &kernel, &user) != 0 ? created : 0;
        }
        finally
        {
            _ = Kernel32.CloseHandle(process);
        }
    }
}

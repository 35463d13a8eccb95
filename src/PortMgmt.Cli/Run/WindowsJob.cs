using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Cli.Run;

/// <summary>
/// A job object that this process enters and that everything it starts is born into. If this process is killed, the system
/// closes the job's last handle, and with it ends whatever is in the job: no command outlives the lease by accident.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsJob : IDisposable
{
    private const int ExtendedLimitInformation = 9;
    private const uint KillOnJobClose = 0x2000;

    private readonly SafeFileHandle _handle;

    private WindowsJob(SafeFileHandle handle) => _handle = handle;

    /// <summary>Makes a job and puts this process into it.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static WindowsJob EnterNew()
    {
        var job = new WindowsJob(new SafeFileHandle(CreateJobObject(0, 0), ownsHandle: true));
        if (job._handle.IsInvalid || !job.SetLimits(KillOnJobClose) || !AssignProcessToJobObject(job._handle.DangerousGetHandle(), GetCurrentProcess()))
        {
            string reason = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
            job.Dispose();
            throw new IOException($"Cannot make a job object for the command: {reason}. Free system resources and run it again.");
        }

        return job;
    }

    /// <summary>
    /// Lets what is in the job live on, first of all this process, which cannot leave it: whoever comes here was not killed, and what a
    /// command left behind is its own affair.
    /// </summary>
    public void Dispose()
    {
        SetLimits(0);
        _handle.Dispose();
    }

    private unsafe bool SetLimits(uint flags)
    {
        var limits = new ExtendedLimits { Flags = flags };
        return SetInformationJobObject(_handle.DangerousGetHandle(), ExtendedLimitInformation, &limits, (uint)sizeof(ExtendedLimits)) != 0;
    }

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW", SetLastError = true)]
    private static partial nint CreateJobObject(nint security, nint name);

    [LibraryImport("kernel32", SetLastError = true)]
    private static unsafe partial int SetInformationJobObject(nint job, int kind, ExtendedLimits* information, uint length);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(nint job, nint process);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    // JOBOBJECT_EXTENDED_LIMIT_INFORMATION; only the flags are ever set.
    [StructLayout(LayoutKind.Sequential)]
    private struct ExtendedLimits
    {
        public long PerProcessUserTimeLimit;
        public long PerJobUserTimeLimit;
        public uint Flags;
        public nuint MinimumWorkingSetSize;
        public nuint MaximumWorkingSetSize;
        public uint ActiveProcessLimit;
        public nuint Affinity;
        public uint PriorityClass;
        public uint SchedulingClass;
        public ulong ReadOperationCount;
        public ulong WriteOperationCount;
        public ulong OtherOperationCount;
        public ulong ReadTransferCount;
        public ulong WriteTransferCount;
        public ulong OtherTransferCount;
        public nuint ProcessMemoryLimit;
        public nuint JobMemoryLimit;
        public nuint PeakProcessMemoryUsed;
        public nuint PeakJobMemoryUsed;
    }
}

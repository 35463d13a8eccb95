using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>
/// The calls of Windows with which children are started, watched and ended. System.Diagnostics.Process reads its pipes on threads of
/// the pool, which are not free when they are needed, and ends a tree of processes by looking for whoever was started by whom.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsCalls
{
    /// <summary>ERROR_BROKEN_PIPE: the other end is closed.</summary>
    public const int BrokenPipe = 109;

    /// <summary>ERROR_IO_PENDING: it will be done.</summary>
    public const int Pending = 997;

    /// <summary>ERROR_FILE_NOT_FOUND.</summary>
    public const int FileNotFound = 2;

    /// <summary>ERROR_PATH_NOT_FOUND.</summary>
    public const int PathNotFound = 3;

    /// <summary>WAIT_OBJECT_0 is 0; WAIT_TIMEOUT.</summary>
    public const uint TimedOut = 258;

    /// <summary>INFINITE.</summary>
    public const uint Infinite = uint.MaxValue;

    /// <summary>FILE_FLAG_OVERLAPPED.</summary>
    public const uint Overlapped = 0x4000_0000;

    /// <summary>PIPE_ACCESS_INBOUND with FILE_FLAG_FIRST_PIPE_INSTANCE: it is ours alone.</summary>
    public const uint Inbound = 0x1 | 0x8_0000;

    /// <summary>PIPE_ACCESS_OUTBOUND, likewise.</summary>
    public const uint Outbound = 0x2 | 0x8_0000;

    /// <summary>PIPE_REJECT_REMOTE_CLIENTS; bytes, and calls that wait.</summary>
    public const uint LocalBytes = 0x8;

    /// <summary>GENERIC_READ.</summary>
    public const uint Read = 0x8000_0000;

    /// <summary>GENERIC_WRITE.</summary>
    public const uint Write = 0x4000_0000;

    /// <summary>OPEN_EXISTING.</summary>
    public const uint OpenExisting = 3;

    /// <summary>
    /// CREATE_SUSPENDED, CREATE_UNICODE_ENVIRONMENT, EXTENDED_STARTUPINFO_PRESENT, CREATE_NO_WINDOW.
    /// </summary>
    public const uint CreationFlags = 0x4 | 0x400 | 0x8_0000 | 0x800_0000;

    /// <summary>PROC_THREAD_ATTRIBUTE_HANDLE_LIST: the child inherits these handles and no others, such as those of a neighbour.</summary>
    public const nuint HandleList = 0x2_0002;

    /// <summary>The system's words for the last call that failed on this thread.</summary>
    public static string LastMessage() => new Win32Exception(Marshal.GetLastPInvokeError()).Message.TrimEnd('.');

    [LibraryImport("kernel32", EntryPoint = "CreateNamedPipeW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle CreateNamedPipe(string name, uint openMode, uint pipeMode, uint instances, uint outSize, uint inSize, uint timeout, void* security);

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle OpenFile(string name, uint access, uint share, WindowsSecurity* security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", EntryPoint = "ReadFile", SetLastError = true)]
    public static partial int ReadFile(SafeFileHandle file, byte* buffer, uint count, uint* done, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", EntryPoint = "WriteFile", SetLastError = true)]
    public static partial int WriteFile(SafeFileHandle file, byte* buffer, uint count, uint* done, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", EntryPoint = "GetOverlappedResult", SetLastError = true)]
    public static partial int GetResult(SafeFileHandle file, NativeOverlapped* overlapped, uint* done, int wait);

    [LibraryImport("kernel32", EntryPoint = "CancelIoEx", SetLastError = true)]
    public static partial int Cancel(SafeFileHandle file, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", EntryPoint = "WaitForMultipleObjects", SetLastError = true)]
    public static partial uint WaitForAny(uint count, nint* handles, int all, uint milliseconds);

    [LibraryImport("kernel32", EntryPoint = "WaitForSingleObject", SetLastError = true)]
    public static partial uint WaitFor(SafeHandle handle, uint milliseconds);

    [LibraryImport("kernel32", EntryPoint = "InitializeProcThreadAttributeList", SetLastError = true)]
    public static partial int InitializeAttributes(byte* list, uint count, uint flags, nuint* size);

    [LibraryImport("kernel32", EntryPoint = "UpdateProcThreadAttribute", SetLastError = true)]
    public static partial int SetAttribute(byte* list, uint flags, nuint attribute, void* value, nuint size, void* previous, nuint* returnSize);

    [LibraryImport("kernel32", EntryPoint = "DeleteProcThreadAttributeList")]
    public static partial void DeleteAttributes(byte* list);

    [LibraryImport("kernel32", EntryPoint = "CreateProcessW", SetLastError = true)]
    public static partial int CreateProcess(
        void* application, char* commandLine, void* processSecurity, void* threadSecurity, int inherit, uint flags, char* environment, void* directory, WindowsStart* start, WindowsProcessHandles* handles);

    [LibraryImport("kernel32", EntryPoint = "ResumeThread", SetLastError = true)]
    public static partial uint Resume(SafeHandle thread);

    [LibraryImport("kernel32", EntryPoint = "GetExitCodeProcess", SetLastError = true)]
    public static partial int GetExitCode(SafeHandle process, int* code);

    [LibraryImport("kernel32", EntryPoint = "TerminateProcess", SetLastError = true)]
    public static partial int TerminateProcess(SafeHandle process, uint code);

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW", SetLastError = true)]
    public static partial SafeFileHandle CreateJob(void* security, void* name);

    [LibraryImport("kernel32", EntryPoint = "AssignProcessToJobObject", SetLastError = true)]
    public static partial int AssignToJob(SafeHandle job, SafeHandle process);

    [LibraryImport("kernel32", EntryPoint = "TerminateJobObject", SetLastError = true)]
    public static partial int TerminateJob(SafeHandle job, uint code);
}

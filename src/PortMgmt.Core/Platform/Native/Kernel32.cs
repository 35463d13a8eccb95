using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Platform.Native;

/// <summary>The Windows calls that .NET has no equivalent for.</summary>
internal static unsafe partial class Kernel32
{
    public const int ErrorInvalidParameter = 87;
    public const uint QueryLimitedInformation = 0x1000;
    public const uint Synchronize = 0x10_0000;
    public const int ErrorFileNotFound = 2;
    public const int ErrorPathNotFound = 3;
    public const int ErrorAccessDenied = 5;
    public const int ErrorSharingViolation = 32;
    public const uint GenericRead = 0x8000_0000;
    public const uint GenericWrite = 0x4000_0000;
    public const uint ShareAll = 7;
    public const uint OpenExisting = 3;
    public const uint OpenReparsePoint = 0x20_0000;
    public const uint DiskFile = 1;

    /// <summary>The size of BY_HANDLE_FILE_INFORMATION, whose first field has the attributes.</summary>
    public const int FileInformationLength = 52;
    public const uint ExclusiveLock = 2;
    public const uint FailImmediately = 1;
    public const uint SetSparse = 0x900C4;

    [LibraryImport("kernel32", EntryPoint = "OpenProcess", SetLastError = true)]
    public static partial nint OpenProcess(uint access, int inherit, int processId);

    [LibraryImport("kernel32", EntryPoint = "CloseHandle")]
    public static partial int CloseHandle(nint handle);

    [LibraryImport("kernel32", EntryPoint = "GetProcessId")]
    public static partial int GetProcessId(nint process);

    [LibraryImport("kernel32", EntryPoint = "WaitForSingleObject")]
    public static partial uint WaitForSingleObject(nint process, uint milliseconds);

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle OpenFile(string path, uint access, uint share, void* security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", EntryPoint = "GetFileType")]
    public static partial uint GetFileType(SafeFileHandle file);

    [LibraryImport("kernel32", EntryPoint = "GetFileInformationByHandle", SetLastError = true)]
    public static partial int GetFileInformation(SafeFileHandle file, uint* information);

    [LibraryImport("kernel32", EntryPoint = "GetProcessTimes")]
    public static partial int GetProcessTimes(nint process, ulong* created, ulong* exited, ulong* kernel, ulong* user);

    [LibraryImport("kernel32", EntryPoint = "LockFileEx", SetLastError = true)]
    public static partial int LockFile(SafeFileHandle file, uint flags, uint reserved, uint lengthLow, uint lengthHigh, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", EntryPoint = "DeviceIoControl", SetLastError = true)]
    public static partial int DeviceIoControl(SafeFileHandle file, uint code, void* input, uint inputLength, void* output, uint outputLength, uint* returned, NativeOverlapped* overlapped);
}

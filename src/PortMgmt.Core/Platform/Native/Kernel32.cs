using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Platform.Native;

/// <summary>The Windows calls that .NET has no equivalent for.</summary>
internal static unsafe partial class Kernel32
{
    public const int ErrorInvalidParameter = 87;
    public const uint QueryLimitedInformation = 0x1000;
    public const uint StillActive = 259;
    public const uint ExclusiveLock = 2;
    public const uint FailImmediately = 1;
    public const uint SetSparse = 0x900C4;

    [LibraryImport("kernel32", EntryPoint = "OpenProcess", SetLastError = true)]
    public static partial nint OpenProcess(uint access, int inherit, int processId);

    [LibraryImport("kernel32", EntryPoint = "CloseHandle")]
    public static partial int CloseHandle(nint handle);

    [LibraryImport("kernel32", EntryPoint = "GetExitCodeProcess")]
    public static partial int GetExitCodeProcess(nint process, uint* code);

    [LibraryImport("kernel32", EntryPoint = "GetProcessTimes")]
    public static partial int GetProcessTimes(nint process, ulong* created, ulong* exited, ulong* kernel, ulong* user);

    [LibraryImport("kernel32", EntryPoint = "LockFileEx", SetLastError = true)]
    public static partial int LockFile(SafeFileHandle file, uint flags, uint reserved, uint lengthLow, uint lengthHigh, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", EntryPoint = "DeviceIoControl", SetLastError = true)]
    public static partial int DeviceIoControl(SafeFileHandle file, uint code, void* input, uint inputLength, void* output, uint outputLength, uint* returned, NativeOverlapped* overlapped);
}

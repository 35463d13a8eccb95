using System.Runtime.InteropServices;

namespace PortMgmt.Platform.Native;

/// <summary>The calls of the system library as macOS has them.</summary>
internal static unsafe partial class MacLibC
{
    [LibraryImport("libc", EntryPoint = "sysctlbyname", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetSystemControl(string name, void* value, nuint* length, void* newValue, nuint newLength);

    [LibraryImport("libc", EntryPoint = "sysctl", SetLastError = true)]
    public static partial int GetSystemControl(int* name, uint nameLength, void* value, nuint* length, void* newValue, nuint newLength);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    public static partial int StatOpenIntel(int file, byte* result);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    public static partial int StatOpenArm(int file, byte* result);

    // Intel Macs kept the plain name for the layout of before 64-bit inodes.
    [LibraryImport("libc", EntryPoint = "lstat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatIntel(string path, byte* result);

    [LibraryImport("libc", EntryPoint = "lstat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatArm(string path, byte* result);
}

using System.Runtime.InteropServices;

namespace PortMgmt.Listeners.Linux;

/// <summary>The few system calls for which the base class library has nothing. Each returns -1 when it fails.</summary>
internal static unsafe partial class LinuxNative
{
    public const int NetlinkFamily = 16;
    public const int RawCloseOnExec = 0x80003;
    public const int SockDiagProtocol = 4;
    public const int DontWait = 0x40;
    public const int ReadCloseOnExec = 0x80000;

    [LibraryImport("libc", EntryPoint = "socket")]
    public static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send")]
    public static partial nint Send(int socket, void* message, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv")]
    public static partial nint Receive(int socket, void* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "open")]
    public static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "readlinkat")]
    public static partial nint ReadLinkAt(int directory, byte* name, byte* buffer, nuint length);

    /// <summary>getdents64(2). By number, because not every C library that .NET supports exports it, and readdir's layout differs between them.</summary>
    public static int ReadDirectory(int directory, void* buffer, int length) =>
        (int)SystemCall(GetDirectoryEntries, directory, buffer, length);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint directory, void* buffer, nint length);

    /// <summary>__NR_getdents64 of the kernel's tables for each architecture.</summary>
    private static nint GetDirectoryEntries => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 or Architecture.Arm or Architecture.Armv6 => 217,
        Architecture.X86 or Architecture.S390x => 220,
        Architecture.Ppc64le => 202,
        _ => 61,
    };
}

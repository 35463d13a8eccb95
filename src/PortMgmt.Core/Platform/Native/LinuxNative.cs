using System.Runtime.InteropServices;

namespace PortMgmt.Platform.Native;

/// <summary>The calls of the C library that listeners alone need. Each returns -1 when it fails.</summary>
internal static unsafe partial class LinuxNative
{
    public const int AF_NETLINK = 16;
    public const int SOCK_RAW = 3;
    public const int NETLINK_SOCK_DIAG = 4;
    public const int MSG_DONTWAIT = 0x40;
    public const int O_CLOEXEC = 0x80000;

    [LibraryImport("libc", EntryPoint = "send")]
    public static partial nint Send(int socket, void* message, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv")]
    public static partial nint Receive(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat")]
    public static partial nint ReadLinkAt(int directory, byte* name, byte* buffer, nuint length);

    /// <summary>getdents64(2), by number: not every C library that .NET runs on exports it, and the layouts of readdir(3) differ.</summary>
    public static int ReadDirectory(int directory, byte* buffer, int length) =>
        (int)SystemCall(DirectoryCall, directory, buffer, length);

    /// <summary>__NR_getdents64 in the kernel's table of each architecture.</summary>
    private static nint DirectoryCall => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 or Architecture.Arm or Architecture.Armv6 => 217,
        Architecture.X86 or Architecture.S390x => 220,
        Architecture.Ppc64le => 202,
        _ => 61,
    };

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint directory, byte* buffer, nint length);
}

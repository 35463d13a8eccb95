using System.Runtime.InteropServices;

namespace PortMgmt.Platform.Native;

/// <summary>The calls of the C library as Linux has them.</summary>
internal static unsafe partial class LinuxLibC
{
    public const int AF_INET = 2;
    public const int AF_INET6 = 10;
    public const int SOCK_STREAM = 1;
    public const int SOCK_DGRAM = 2;
    public const int SOCK_CLOEXEC = 0x80000;
    public const int SOL_SOCKET = 1;
    public const int SO_REUSEADDR = 2;
    public const int IPPROTO_IPV6 = 41;
    public const int IPV6_V6ONLY = 26;
    public const int EAGAIN = 11;
    public const int EINVAL = 22;
    public const int EIDRM = 43;
    public const int EADDRINUSE = 98;
    public const int EADDRNOTAVAIL = 99;
    public const int EAFNOSUPPORT = 97;

    public const int IPC_RMID = 0;
    public const int IPC_STAT = 2;
    public const int IPC_CREAT = 0x200;
    public const short IPC_NOWAIT = 0x800;
    public const int GETPID = 11;
    public const int GETZCNT = 15;
    public const short SEM_UNDO = 0x1000;

    // The most that one read of such a file gives.
    private const int PageLength = 4096;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int socket, int level, int name, int* value, uint length);

    // The fourth argument is variadic, which Linux passes like any other.
    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(int directory, string name, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LinkAt(int directory, string name, int otherDirectory, string secondName, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UnlinkAt(int directory, string name, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    // The third argument is variadic, which Linux passes like any other.
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int ControlFile(int file, int command, byte* argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int file, byte* buffer, nuint count);

    // The offset is as wide as a pointer: enough for the largest file here.
    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial nint Seek(int file, nint offset, int whence);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ReadLink(string path, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Statx(int directory, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatFileSystem(string path, byte* result);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int GetClock(int clock, long* seconds);

    [LibraryImport("libc", EntryPoint = "semget", SetLastError = true)]
    public static partial int SemaphoreGet(int key, int count, int flags);

    // The fourth argument is variadic, which Linux passes like any other.
    [LibraryImport("libc", EntryPoint = "semctl", SetLastError = true)]
    public static partial int SemaphoreControl(int set, int number, int command, byte* argument);

    [LibraryImport("libc", EntryPoint = "semtimedop", SetLastError = true)]
    public static partial int SemaphoreOperate(int set, SemaphoreOperation* operations, nuint count, nint* timeout);

    /// <summary>Reads a small file of the kernel's whole, without the machinery of a stream; the number of bytes, or -1.</summary>
    public static int ReadSmallFile(string path, Span<byte> buffer)
    {
        const int ReadOnlyCloseOnExec = 0x80000;
        int file = LibC.Open(path, ReadOnlyCloseOnExec);
        if (file < 0)
        {
            return -1;
        }

        int total = 0;
        fixed (byte* start = buffer)
        {
            // These files come whole or not at all: a read that does not fill the buffer was the last.
            nint count;
            do
            {
                count = Read(file, start + total, (nuint)(buffer.Length - total));
                total += (int)Math.Max(0, count);
            }
            while (count > 0 && total < buffer.Length && count == PageLength);
        }

        _ = Close(file);
        return total;
    }
}

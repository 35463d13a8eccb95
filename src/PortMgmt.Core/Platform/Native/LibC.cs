using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Platform.Native;

/// <summary>The calls of the C library that Linux and macOS share.</summary>
internal static unsafe partial class LibC
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int EACCES = 13;
    public const int EEXIST = 17;
    public const int EROFS = 30;

    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;

    // The third argument of open is variadic, which Apple's arm64 passes elsewhere: files are made by .NET and opened here.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string path);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(int file, int operation);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int socket, int backlog);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    public static partial int GetPasswordEntry(uint userId, nint* entry, byte* buffer, nuint length, nint** result);

    [LibraryImport("libc", EntryPoint = "setpwent")]
    public static partial void RewindPasswordEntries();

    [LibraryImport("libc", EntryPoint = "getpwent")]
    public static partial nint* GetNextPasswordEntry();

    [LibraryImport("libc", EntryPoint = "endpwent")]
    public static partial void ClosePasswordEntries();

    /// <summary>The failure that the last call of this thread left, as .NET itself would report it.</summary>
    public static Exception LastError(string path)
    {
        int error = Marshal.GetLastPInvokeError();
        string message = $"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'";
        return error is EACCES or EPERM
            ? new UnauthorizedAccessException(message)
            : new IOException(message, error);
    }

    /// <summary>The descriptor of an open file; the caller keeps the handle alive.</summary>
    public static int Descriptor(SafeFileHandle file) => (int)file.DangerousGetHandle();
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PortMgmt.Cli.Run;

/// <summary>The few calls of the Unix C library for which .NET has nothing.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class LibC
{
    /// <summary>EINTR: a signal came in between.</summary>
    public const int Interrupted = 4;

    /// <summary>ENOENT: no such file.</summary>
    public const int NoEntry = 2;

    /// <summary>ENOEXEC: executable by permission, but in no format that the kernel knows.</summary>
    public const int NoExecutableFormat = 8;

    /// <summary>F_OK of access(2).</summary>
    public const int Exists = 0;

    /// <summary>X_OK of access(2).</summary>
    public const int Executable = 1;

    /// <summary>SIG_DFL of signal(2).</summary>
    public const nint DefaultDisposition = 0;

    /// <summary>SIG_IGN of signal(2).</summary>
    public const nint IgnoreDisposition = 1;

    /// <summary>EAGAIN: the descriptor does not block and has no room.</summary>
    public static readonly int TryAgain = OperatingSystem.IsMacOS() ? 35 : 11;

    private const nuint GetWindowSize = 0x5413;
    private const int GetFlags = 1;

    // F_DUPFD_CLOEXEC of fcntl(2).
    private static readonly int DuplicateClosedOnExec = OperatingSystem.IsMacOS() ? 67 : 1030;

    private static readonly int OpenFiles = OperatingSystem.IsMacOS() ? 8 : 7;
    private static readonly int CurrentDirectory = OperatingSystem.IsMacOS() ? -2 : -100;
    private static readonly int EffectiveAccess = OperatingSystem.IsMacOS() ? 0x10 : 0x200;

    /// <summary>
    /// Whether the descriptor was handed to this process at its start: what the runtime opened since is closed on exec, and takes the
    /// numbers of standard streams that were closed.
    /// </summary>
    public static bool IsInherited(int descriptor) => GetDescriptorFlags(descriptor, GetFlags) == 0;

    /// <summary>Whether there is such a descriptor.</summary>
    public static bool IsOpen(int descriptor) => GetDescriptorFlags(descriptor, GetFlags) >= 0;

    /// <summary>Duplicates a descriptor to the first free number from a least one on; the copy is closed on exec.</summary>
    /// <returns>The copy's number, or -1.</returns>
    public static int Duplicate(int descriptor, int least) => OperatingSystem.IsMacOS()
        ? ControlOnMac(descriptor, DuplicateClosedOnExec, 0, 0, 0, 0, 0, 0, least)
        : ControlDescriptor(descriptor, DuplicateClosedOnExec, least);

    /// <summary>getppid(2): the process that started this one, or that took it over; 0 where it is outside the PID namespace.</summary>
    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int GetParent();

    /// <summary>dup2(2): makes a number stand for what a descriptor stands for; it is kept over an exec.</summary>
    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    public static partial int Replace(int descriptor, int number);

    /// <summary>read(2).</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    /// <summary>write(2).</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint count);

    /// <summary>execve(2): returns only when it failed.</summary>
    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true)]
    public static partial int Execute(byte* path, byte** arguments, byte** environment);

    /// <summary>signal(2): sets a disposition.</summary>
    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    public static partial nint SetDisposition(int signal, nint disposition);

    /// <summary>Whether the process, as the user that it acts as, may access a path in this way.</summary>
    public static bool CanAccess(ReadOnlySpan<byte> pathWithNul, int mode)
    {
        fixed (byte* path = pathWithNul)
        {
            return AccessAt(CurrentDirectory, path, mode, EffectiveAccess) == 0;
        }
    }

    /// <summary>The limits of open files: soft and hard.</summary>
    public static ResourceLimit GetOpenFilesLimit()
    {
        ResourceLimit limit = default;
        _ = GetLimit(OpenFiles, &limit);
        return limit;
    }

    /// <summary>Sets the limits of open files.</summary>
    public static void SetOpenFilesLimit(ResourceLimit limit) => _ = SetLimit(OpenFiles, &limit);

    /// <summary>Linux: the columns of the terminal on a descriptor, 1 for standard output; 0 when it does not tell.</summary>
    [SupportedOSPlatform("linux")]
    public static int TerminalWidth(int descriptor)
    {
        // struct winsize: rows, columns, and two sizes in pixels.
        ushort* size = stackalloc ushort[4];
        return Control(descriptor, GetWindowSize, size) == 0 ? size[1] : 0;
    }

    /// <summary>The process's environment block: an array of pointers to <c>NAME=value</c>, ended by null.</summary>
    public static byte** Environment()
    {
        if (OperatingSystem.IsMacOS())
        {
            return *MacEnvironment();
        }

        return *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
    }

    /// <summary>macOS: where the process's argument vector is kept.</summary>
    [SupportedOSPlatform("macos")]
    [LibraryImport("libSystem", EntryPoint = "_NSGetArgv")]
    public static partial byte*** MacArguments();

    [LibraryImport("libSystem", EntryPoint = "_NSGetEnviron")]
    private static partial byte*** MacEnvironment();

    // Takes variable arguments, which on Linux are passed as others are; on Apple's processors they are not.
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, ushort* argument);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlDescriptor(int descriptor, int command, nint argument);

    // On Apple's processors variable arguments are on the stack: the six before fill the registers.
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlOnMac(
        int descriptor, int command, nint register2, nint register3, nint register4, nint register5, nint register6, nint register7, nint argument);

    // F_GETFD takes no further argument.
    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int GetDescriptorFlags(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true)]
    private static partial int AccessAt(int directory, byte* path, int mode, int flags);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, ResourceLimit* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, ResourceLimit* limit);
}

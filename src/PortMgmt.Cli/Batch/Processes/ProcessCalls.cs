using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>
/// The calls of the Unix C library with which children are started, watched and ended. System.Diagnostics.Process copies the
/// environment, takes process-wide locks and reaps by a signal handler: one child after another, side by side, it took 1.8 times as
/// long at best.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class ProcessCalls
{
    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGCHLD.</summary>
    public static readonly int ChildEnded = OperatingSystem.IsMacOS() ? 20 : 17;

    /// <summary>POSIX_SPAWN_SETSID: a session, and with it a process group, with the child's own id.</summary>
    public static readonly short SetSession = OperatingSystem.IsMacOS() ? (short)0x0400 : (short)0x80;

    /// <summary>POSIX_SPAWN_SETSIGDEF.</summary>
    public const short SetDefaultSignals = 0x04;

    /// <summary>POSIX_SPAWN_CLOEXEC_DEFAULT, macOS only: the child has no descriptor but those that it is given.</summary>
    public const short CloseOthers = 0x4000;

    // Larger than posix_spawnattr_t, posix_spawn_file_actions_t and sigset_t of any C library (336, 80 and 128 bytes in glibc and musl).
    public const int OpaqueSize = 512;

    private const int CloseOnExecute = 0x80000;
    private const int WaitExited = 4;
    private const int NoHang = 1;
    private const int ByProcessId = 1;
    private const nint OpenProcessDescriptor = 434;

    // A cleared siginfo_t is 128 bytes at most; its first member, the signal's number, stays 0 when no child has ended.
    private const int SignalInfoLength = 32;

    private static readonly int NoReap = OperatingSystem.IsMacOS() ? 0x20 : 0x1000000;

    /// <summary>A pipe whose ends are closed on exec: read end, write end.</summary>
    /// <exception cref="IOException">There are no more descriptors to be had.</exception>
    public static (int Read, int Write) Pipe()
    {
        int* ends = stackalloc int[2];
        int result = OperatingSystem.IsMacOS() ? MakePipe(ends) : MakePipe(ends, CloseOnExecute);
        return result == 0
            ? (ends[0], ends[1])
            : throw new IOException($"Cannot make a pipe: {Marshal.GetLastPInvokeErrorMessage()}. Raise the limit of open files (ulimit -n), or lower --jobs.");
    }

    /// <summary>A descriptor that becomes readable when the process has ended; negative where the system has none.</summary>
    public static int Watch(int process) => OperatingSystem.IsLinux() ? (int)SystemCall(OpenProcessDescriptor, process, 0) : -1;

    /// <summary>Whether a child has ended, without reaping it: until it is reaped its id, and its group's, is no one else's.</summary>
    public static bool HasEnded(int process)
    {
        int* information = stackalloc int[SignalInfoLength];
        new Span<int>(information, SignalInfoLength).Clear();
        return WaitId(ByProcessId, process, information, WaitExited | NoHang | NoReap) != 0 || information[0] != 0;
    }

    /// <summary>Reaps a child, waiting for its end.</summary>
    /// <returns>The status as waitpid(2) has it.</returns>
    public static int Reap(int process)
    {
        int status = 0;
        while (WaitProcess(process, &status, 0) < 0 && Marshal.GetLastPInvokeError() == Run.LibC.Interrupted)
        {
        }

        return status;
    }

    // What cannot fail in a way that matters is declared without a result: the actions and attributes fail for lack of memory only.

    /// <summary>kill(2); a negative id means the process group.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial void Signal(int process, int signal);

    /// <summary>close(2).</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    public static partial void Close(int descriptor);

    /// <summary>poll(2): the count is an unsigned long on Linux and an unsigned int elsewhere, which is passed alike.</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    /// <summary>posix_spawn(3): returns the error.</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    public static partial int Spawn(int* process, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    /// <summary>posix_spawn_file_actions_init(3).</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial void InitializeActions(void* actions);

    /// <summary>posix_spawn_file_actions_destroy(3).</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial void DestroyActions(void* actions);

    /// <summary>posix_spawn_file_actions_adddup2(3).</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial void AddDuplicate(void* actions, int descriptor, int target);

    /// <summary>posix_spawn_file_actions_addopen(3).</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    public static partial void AddOpen(void* actions, int target, byte* path, int flags, int mode);

    /// <summary>posix_spawnattr_init(3).</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial void InitializeAttributes(void* attributes);

    /// <summary>posix_spawnattr_destroy(3).</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial void DestroyAttributes(void* attributes);

    /// <summary>posix_spawnattr_setflags(3).</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial void SetFlags(void* attributes, short flags);

    /// <summary>posix_spawnattr_setsigdefault(3).</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial void SetDefaults(void* attributes, void* signals);

    /// <summary>sigemptyset(3).</summary>
    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial void ClearSignals(void* signals);

    /// <summary>sigaddset(3).</summary>
    [LibraryImport("libc", EntryPoint = "sigaddset")]
    public static partial void AddSignal(void* signals, int signal);

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    private static partial int MakePipe(int* ends);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int MakePipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitProcess(int process, int* status, int options);

    [LibraryImport("libc", EntryPoint = "waitid")]
    private static partial int WaitId(int kind, int id, void* information, int options);

    // Takes variable arguments, which on Linux are passed as others are.
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint first, nint second);
}

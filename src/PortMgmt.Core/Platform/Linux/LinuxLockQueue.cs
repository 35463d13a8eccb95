using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Platform.Native;
using PortMgmt.Platform.Unix;

namespace PortMgmt.Platform.Linux;

/// <summary>
/// Lets those who want a file lock through one at a time, in the order in which they came. flock alone does not: a process
/// in a loop has the lock again before the one that was woken gets a processor. This is a System V semaphore, 0 when free:
/// the kernel hands it to the next in its queue by itself, takes it back from a process that ends, and ends a wait at a
/// deadline. It protects nothing, the file lock does; so whoever finds it foreign goes past it, and whoever finds it stuck
/// (the process that has the turn is stopped) removes it. It exists only while somebody waits: the first who has to makes
/// it, the last to leave removes it.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class LinuxLockQueue : IDisposable
{
    // Far longer than a turn takes, far shorter than the wait for a lock whose holder is stuck.
    private static readonly TimeSpan FrontTimeout = TimeSpan.FromMilliseconds(250);

    // Of struct ipc_perm, which struct semid_ds begins with: the key, then the owner's user id.
    private const int OwnerOffset = 4;

    private readonly int _set;

    private LinuxLockQueue(int set) => _set = set;

    /// <summary>Waits for the turn.</summary>
    /// <param name="lockFile">The path of the lock file that is queued for.</param>
    /// <param name="shared">Whether every user may take part, or only this one.</param>
    /// <param name="open">Whether to open a queue when there is none.</param>
    /// <param name="wait">The wait that this is part of.</param>
    /// <param name="cancellationToken">Ends the wait, not at once but when it next looks whether the queue moves.</param>
    /// <returns>The turn, to be disposed; null when there is no queue or none that moves, or when the wait is over.</returns>
    public static LinuxLockQueue? Enter(string lockFile, bool shared, bool open, LockWait wait, CancellationToken cancellationToken)
    {
        int key = GetKey(lockFile);
        int flags = (open ? LinuxLibC.IPC_CREAT : 0) | (int)(shared ? UnixFiles.Everybody : UnixFiles.Private);
        TimeSpan longest = FrontTimeout;
        int set;
        while ((set = LinuxLibC.SemaphoreGet(key, 1, flags)) >= 0 && (shared || IsOwn(set)))
        {
            int front = GetFront(set);
            TimeSpan limit = wait.Look();
            if (limit == TimeSpan.Zero)
            {
                return null;
            }

            limit = limit < longest ? limit : longest;
            int error = Wait(set, limit);
            if (error == 0)
            {
                return new LinuxLockQueue(set);
            }

            if (error == LinuxLibC.EAGAIN)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (limit >= FrontTimeout && front == GetFront(set))
                {
                    _ = Remove(set);
                    return null;
                }

                // Whoever looks loses the place in the queue to those who came meanwhile: seldom, and less and less often.
                longest += longest;
            }
            else if (error is not (LinuxLibC.EIDRM or LinuxLibC.EINVAL))
            {
                return null;
            }

            // Removed by another, just now: nobody is in front any more.
        }

        return null;
    }

    /// <summary>How many wait for their turn; none where there is no queue.</summary>
    public static int CountWaiters(string lockFile) =>
        LinuxLibC.SemaphoreGet(GetKey(lockFile), 1, 0) is >= 0 and int set
            ? Math.Max(0, LinuxLibC.SemaphoreControl(set, 0, LinuxLibC.GETZCNT, null))
            : 0;

    /// <summary>How many wait behind this turn.</summary>
    public int Waiters => LinuxLibC.SemaphoreControl(_set, 0, LinuxLibC.GETZCNT, null);

    /// <summary>Lets the next one in. Once only.</summary>
    public void Dispose()
    {
        // Whoever comes between these two calls is told by the kernel that the queue is gone, and looks again.
        if (Waiters == 0 && Remove(_set))
        {
            return;
        }

        // Another user's queue stays. Without a wait: somebody may have set it to zero meanwhile.
        var leave = new SemaphoreOperation(0, -1, LinuxLibC.SEM_UNDO | LinuxLibC.IPC_NOWAIT);
        _ = LinuxLibC.SemaphoreOperate(_set, &leave, 1, null);
    }

    /// <summary>The process that has or had the turn last.</summary>
    private static int GetFront(int set) => LinuxLibC.SemaphoreControl(set, 0, LinuxLibC.GETPID, null);

    /// <summary>Only its maker, or root, can.</summary>
    private static bool Remove(int set) => LinuxLibC.SemaphoreControl(set, 0, LinuxLibC.IPC_RMID, null) == 0;

    private static int Wait(int set, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        SemaphoreOperation* enter = stackalloc SemaphoreOperation[2];
        enter[0] = new SemaphoreOperation(0, 0, 0);
        enter[1] = new SemaphoreOperation(0, 1, LinuxLibC.SEM_UNDO);
        nint* time = stackalloc nint[2];
        int error;
        do
        {
            long left = Math.Max(0, (limit - Stopwatch.GetElapsedTime(start)).Ticks);
            time[0] = (nint)(left / TimeSpan.TicksPerSecond);
            time[1] = (nint)(left % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
            error = LinuxLibC.SemaphoreOperate(set, enter, 2, time) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        while (error == LibC.EINTR);

        return error;
    }

    /// <summary>Whether this user made it: another's, put there on purpose, would cost every call its timeout.</summary>
    private static bool IsOwn(int set)
    {
        byte* state = stackalloc byte[256];
        return LinuxLibC.SemaphoreControl(set, 0, LinuxLibC.IPC_STAT, state) == 0
            && *(uint*)(state + OwnerOffset) == LibC.GetEffectiveUserId();
    }

    /// <summary>A key for the path, by FNV-1a (32 bit); never 0, which stands for no key at all.</summary>
    private static int GetKey(string path)
    {
        uint hash = 2166136261;
        foreach (char c in path)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)hash | 1;
    }
}

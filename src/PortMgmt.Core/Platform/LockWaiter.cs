using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Platform;

/// <summary>
/// Waits for a contended file lock in the kernel's own queue, which is fair, and still gives up at a deadline, which a
/// blocking lock call cannot: a thread of its own makes that call and ends with it. The thread keeps the file open until
/// then, so that a caller who has given up and closed the file is rid of the lock as soon as the thread gets it.
/// </summary>
/// <param name="file">The file to lock; the caller's to close, whatever comes of the wait.</param>
/// <param name="lockFile">Blocks until the lock is held and returns 0, or returns the system's error number.</param>
internal sealed class LockWaiter(SafeFileHandle file, Func<SafeFileHandle, int> lockFile)
{
    private readonly TaskCompletionSource<int> _outcome = new();

    /// <summary>Waits; true with the lock held, false when the wait is over.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="IOException">The system refused the lock.</exception>
    public bool Wait(LockWait wait, CancellationToken cancellationToken)
    {
        TimeSpan next = wait.Look();
        if (next == TimeSpan.Zero)
        {
            return false;
        }

        bool kept = false;
        file.DangerousAddRef(ref kept);
        try
        {
            new Thread(Run, maxStackSize: 128 * 1024) { IsBackground = true, Name = "portmgmt lock wait" }.Start();
        }
        catch (OutOfMemoryException refusal)
        {
            // So says the runtime where the system allows no more threads. What is not waited for must not stay open.
            file.DangerousRelease();
            throw new IOException("its lock cannot be waited for: the system allows this process no more threads", refusal);
        }

        while (!_outcome.Task.Wait(next, cancellationToken))
        {
            next = wait.Look();
            if (next == TimeSpan.Zero)
            {
                return false;
            }
        }

        int error = _outcome.Task.Result;
        return error == 0 ? true : throw new IOException($"its lock failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    private void Run()
    {
        int error = lockFile(file);
        file.DangerousRelease();
        _outcome.SetResult(error);
    }
}

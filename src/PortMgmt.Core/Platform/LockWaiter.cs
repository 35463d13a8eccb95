using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Platform;

/// <summary>
/// Waits for a contended file lock in the kernel's own queue, which is fair, and still gives up at a deadline, which a
/// blocking lock call cannot: a thread of its own makes that call and ends with it. Given up, that thread drops the
/// lock as soon as it gets it.
/// </summary>
/// <param name="file">The file to lock. It is spent when the wait ends without the lock.</param>
/// <param name="lockFile">Blocks until the lock is held and returns 0, or returns the system's error number.</param>
internal sealed class LockWaiter(SafeFileHandle file, Func<SafeFileHandle, int> lockFile)
{
    private const int Waiting = 0;
    private const int Settled = 1;
    private const int Abandoned = 2;

    private readonly TaskCompletionSource _settled = new();
    private int _state;
    private int _error;

    /// <summary>Waits; true with the lock held, false when the time ran out and the handle is spent.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the handle is spent.</exception>
    /// <exception cref="IOException">The system refused the lock; the handle is spent.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        new Thread(Run, maxStackSize: 128 * 1024) { IsBackground = true, Name = "portmgmt lock wait" }.Start();
        try
        {
            return _settled.Task.Wait(timeout, cancellationToken) ? Succeed() : !Abandon() && Succeed();
        }
        catch (OperationCanceledException)
        {
            if (!Abandon())
                file.Dispose();
            throw;
        }
    }

    private bool Succeed()
    {
        // The thread sets its outcome before it settles, but may be a moment from raising the event.
        _settled.Task.Wait(CancellationToken.None);
        if (_error == 0)
            return true;
        file.Dispose();
        throw new IOException($"The registry's lock failed: {Marshal.GetPInvokeErrorMessage(_error)}", _error);
    }

    private bool Abandon() => Interlocked.CompareExchange(ref _state, Abandoned, Waiting) == Waiting;

    private void Run()
    {
        _error = lockFile(file);
        if (Interlocked.CompareExchange(ref _state, Settled, Waiting) == Waiting)
            _settled.SetResult();
        else
            file.Dispose();
    }
}

using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>
/// Takes the registry's lock. Where nobody waits that is one try; else the caller queues for its turn, so that none is
/// overtaken, and then for the lock. The lock file is permanent: it is never unlinked and says nothing by its age. Thread-safe.
/// </summary>
/// <param name="platform">The system.</param>
/// <param name="location">Where the registry is.</param>
/// <param name="time">The clock of waits, and of what the holder notes.</param>
/// <param name="stallLimit">The longest wait for a lock that does not change hands.</param>
/// <param name="limit">The longest wait in all.</param>
internal sealed class RegistryLocker(HostPlatform platform, RegistryLocation location, TimeProvider time, TimeSpan stallLimit, TimeSpan limit)
{
    private bool _trusted;

    /// <summary>Takes the lock; null when there is none and none is to be made. What is done under it asks first, by <see cref="IsCurrent"/>.</summary>
    /// <exception cref="PortRegistryException">It could not be had in time.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public RegistryLock? Take(bool create, CancellationToken cancellationToken)
    {
        // Also where there is nothing to wait for: whoever cancelled wants nothing done.
        cancellationToken.ThrowIfCancellationRequested();
        if (Open(create) is not { } file)
        {
            return null;
        }

        var held = new RegistryLock(file);
        try
        {
            Wait(held, cancellationToken);
            LockStamp.Write(file, time, platform);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether a lock is the registry's: whoever removed or moved the directory meanwhile left one that others no longer know.</summary>
    public bool IsCurrent(RegistryLock held) => platform.IsAt(held.File, location.LockFile);

    private SafeFileHandle? Open(bool create)
    {
        if (!_trusted && (create || Directory.Exists(location.Directory)))
        {
            platform.PrepareDirectory(location.Directory, location.IsShared);
            _trusted = true;
        }

        SafeFileHandle? file;
        while ((file = platform.OpenFile(location.LockFile)) is null && create)
        {
            platform.PrepareDirectory(location.Directory, location.IsShared);
            try
            {
                platform.CreateFile(location.LockFile, location.IsShared);
            }
            catch (IOException) when (File.Exists(location.LockFile))
            {
                // Another process was faster, which is as good.
            }
        }

        return file;
    }

    private void Wait(RegistryLock wanted, CancellationToken cancellationToken)
    {
        // Whoever is not to wait does not queue either.
        LockWait? wait = limit == TimeSpan.Zero ? null : new LockWait(time, stallLimit, limit, () => LockStamp.Read(wanted.File).Since);
        wanted.Turn = wait is null ? null : WaitForTurn(open: false, wait, cancellationToken);
        if (wanted.Turn is null)
        {
            if (platform.TryLock(wanted.File))
            {
                return;
            }

            wanted.Turn = wait is null ? null : WaitForTurn(open: true, wait, cancellationToken);
        }

        if (wait is null || !platform.Lock(wanted.File, wait, cancellationToken))
        {
            throw LockFailure.From(platform, location, LockStamp.Read(wanted.File), LockStamp.Now(time, platform), wait);
        }
    }

    private IDisposable? WaitForTurn(bool open, LockWait wait, CancellationToken cancellationToken) =>
        platform.WaitForTurn(location.LockFile, location.IsShared, open, wait, cancellationToken);
}

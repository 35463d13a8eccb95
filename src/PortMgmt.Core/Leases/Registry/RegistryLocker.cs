using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>
/// Takes the registry's lock. Where nobody waits that is one try; else the caller queues for its turn, so that none is
/// overtaken, and then for the lock. The lock file is permanent: it is never unlinked and says nothing by its age. Thread-safe.
/// </summary>
internal sealed class RegistryLocker(HostPlatform platform, RegistryLocation location, TimeSpan timeout)
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
        long start = Stopwatch.GetTimestamp();
        wanted.Turn = WaitForTurn(open: false);
        if (wanted.Turn is null)
        {
            if (platform.TryLock(wanted.File))
            {
                return;
            }

            wanted.Turn = WaitForTurn(open: true);
        }

        if (!platform.Lock(wanted.File, Remaining(start), cancellationToken))
        {
            throw Locked();
        }
    }

    private IDisposable? WaitForTurn(bool open) => platform.WaitForTurn(location.LockFile, location.IsShared, open, timeout);

    private TimeSpan Remaining(long start)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return timeout;
        }

        TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private PortRegistryException Locked()
    {
        string holder = platform.GetLockUsers(location.LockFile).Holder is int process
            ? string.Create(CultureInfo.InvariantCulture, $"process {process}")
            : "another process";
        return new PortRegistryException(
            PortRegistryErrorCode.RegistryLocked,
            string.Create(CultureInfo.InvariantCulture, $"The registry '{location.Directory}' has been locked by {holder} for more than {timeout.TotalSeconds:0.###} seconds, which a call holds for microseconds: see whether that process is stopped, and continue or end it."));
    }
}

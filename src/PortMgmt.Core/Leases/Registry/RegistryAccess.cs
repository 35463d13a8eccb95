using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>
/// The way in: locks the registry, opens its table, lets the work be done, closes both. Nothing stays open between
/// calls. The lock file is permanent: it is never unlinked and says nothing by its age. Thread-safe.
/// </summary>
internal sealed class RegistryAccess(HostPlatform platform, RegistryLocation location, PortRegistryOptions options)
{
    private readonly RulesCache _rules = new(platform, location.PolicyFile, options.TimeProvider);
    private readonly RegistryLocker _locker = new(platform, location, options.LockTimeout);

    public HostPlatform Platform => platform;

    public RegistryLocation Location => location;

    public TimeProvider Time => options.TimeProvider;

    /// <summary>The stamp of the process that is to own a lease.</summary>
    public ProcessStamp Resolve(PortLeaseOwner owner) => Guard(() => LeaseOwners.Resolve(platform, owner));

    /// <summary>The rules as they are now.</summary>
    public PortRules Rules => Guard(_rules.Get);

    /// <summary>Does work on the registry, which is made when it is missing.</summary>
    /// <param name="rules">The rules that the work was prepared under.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException">The registry cannot be used, or the work failed.</exception>
    /// <exception cref="OperationCanceledException">The wait for the lock was cancelled.</exception>
    public T Run<T>(PortRules rules, Func<RegistrySession, T> work, CancellationToken cancellationToken) =>
        Guard(() => Run(rules, work, create: true, default!, cancellationToken));

    /// <summary>Does work on the registry; where there is none, none is made, and the answer is <paramref name="absent"/>.</summary>
    /// <exception cref="PortRegistryException">The registry cannot be used, or the work failed.</exception>
    /// <exception cref="OperationCanceledException">The wait for the lock was cancelled.</exception>
    public T RunIfPresent<T>(Func<RegistrySession, T> work, T absent, CancellationToken cancellationToken) =>
        Guard(() => Run(_rules.Get(), work, create: false, absent, cancellationToken));

    /// <summary>Does work under the lock that has nothing to do with the table.</summary>
    public void RunLocked(Action work, CancellationToken cancellationToken) => Guard(() =>
    {
        while (true)
        {
            using RegistryLock held = _locker.Take(create: true, cancellationToken)!;
            if (!_locker.IsCurrent(held))
            {
                continue;
            }

            work();
            return true;
        }
    });

    private T Run<T>(PortRules rules, Func<RegistrySession, T> work, bool create, T absent, CancellationToken cancellationToken)
    {
        while (true)
        {
            using RegistryLock? held = _locker.Take(create, cancellationToken);
            if (held is null)
            {
                return absent;
            }

            using SafeFileHandle? file = OpenTable(held, create);

            // Asked once the table is open and before it is read: lock and table are then of one directory, whatever was put in its place.
            if (!_locker.IsCurrent(held))
            {
                continue;
            }

            return file is null ? absent : Work(file, rules, work);
        }
    }

    private T Work<T>(SafeFileHandle file, PortRules rules, Func<RegistrySession, T> work)
    {
        try
        {
            using var table = LeaseTable.Open(platform, file);
            return work(new RegistrySession(platform, table, rules, Time));
        }
        catch (TableDamageException damage)
        {
            throw TableRepair.SetAside(platform, location, damage, Time.GetUtcNow(), RegistrySession.MonotonicNow(Time));
        }
    }

    private T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw RegistryFailure.Translate(e, location);
        }
    }

    private SafeFileHandle? OpenTable(RegistryLock held, bool create)
    {
        string path = location.TableFile(platform);
        SafeFileHandle? file = platform.OpenFile(path);
        if (file is not null || !create || !_locker.IsCurrent(held))
        {
            return file;
        }

        RemoveLeftovers();
        LeaseTable.Create(platform, path, location.IsShared, Time.GetUtcNow());
        return platform.OpenFile(path);
    }

    /// <summary>Removes tables of earlier boots, and drafts that somebody was killed over: tables are made under the lock alone.</summary>
    private void RemoveLeftovers()
    {
        foreach (string path in Directory.EnumerateFiles(location.Directory, "leases-*"))
        {
            try
            {
                if (path.EndsWith(LeaseTable.DraftEnding, StringComparison.Ordinal) || (path.EndsWith(".table", StringComparison.Ordinal) && IsOfEarlierBoot(path)))
                {
                    File.Delete(path);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's, or no table at all: it is in nobody's way, and its owner's next call may remove it.
            }
        }
    }

    private bool IsOfEarlierBoot(string path)
    {
        byte[] header = new byte[TableLayout.HeaderLength];
        using SafeFileHandle? file = platform.OpenFile(path);
        return file is not null && RandomAccess.Read(file, header, 0) == header.Length && TableHeader.IsOfEarlierBoot(header, platform.InstanceId);
    }
}

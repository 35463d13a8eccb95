using System.Runtime.CompilerServices;
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
    private readonly Rehearsal _rehearsal = new(platform, options.TimeProvider);
    private readonly RulesCache _rules = new(platform, location.PolicyFile, options.TimeProvider);
    private readonly RegistryLocker _locker = new(platform, location, TimeProvider.System, options.LockStallTimeout, options.LockTimeout);
    private readonly TableFinder _finder = new(platform, location);

    public HostPlatform Platform => platform;

    public RegistryLocation Location => location;

    public TimeProvider Time => options.TimeProvider;

    /// <summary>The stamp of the process that is to own a lease.</summary>
    public ProcessStamp Resolve(PortLeaseOwner owner) => Guard(() => LeaseOwners.Resolve(platform, owner));

    /// <summary>The rules as they are now.</summary>
    public PortRules Rules => Guard(_rules.Get);

    /// <summary>Whether anybody has used this registry yet; its directory alone makes none.</summary>
    public bool IsMade => Guard(() =>
    {
        using SafeFileHandle? file = platform.OpenFile(location.LockFile, readOnly: true);
        return file is not null;
    });

    /// <summary>Where the table is, or will be.</summary>
    public string FindTable() => Guard(() => Directory.Exists(location.Directory) ? _finder.Find(MonotonicNow) : location.TableFile(platform));

    /// <summary>Does work on the registry, which is made when it is missing.</summary>
    /// <param name="rules">The rules that the work was prepared under.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException">The registry cannot be used, or the work failed.</exception>
    /// <exception cref="OperationCanceledException">The wait for the lock was cancelled.</exception>
    public T Run<T>(PortRules rules, Func<RegistrySession, T> work, CancellationToken cancellationToken) =>
        Guard(() => Run(new Lazy<PortRules>(rules), work, create: true, default!, cancellationToken));

    /// <summary>Does work on the registry; where there is none, none is made, and the answer is <paramref name="absent"/>.</summary>
    /// <param name="work">The work; it is done on a table of no consequence first where it is the first of its kind in this process.</param>
    /// <param name="absent">The answer where there is no registry.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <param name="kind">The kind of work.</param>
    /// <param name="lease">The lease that the work is about, if it is about one.</param>
    /// <exception cref="PortRegistryException">The registry cannot be used, or the work failed.</exception>
    /// <exception cref="OperationCanceledException">The wait for the lock was cancelled.</exception>
    public T RunIfPresent<T>(Func<RegistrySession, T> work, T absent, CancellationToken cancellationToken, [CallerMemberName] string kind = "", LeaseToken? lease = null) => Guard(() =>
    {
        Lazy<PortRules> rules = FindRules();
        if (platform.IsToBeCompiled(kind) && rules.IsValueCreated && File.Exists(location.LockFile))
        {
            Rehearse(kind, rules.Value, lease, () => work);
        }

        return Run(rules, work, create: false, absent, cancellationToken);
    });

    /// <summary>The rules, read before the lock is taken. Where the policy cannot be read, whoever needs them is told so: listing and removing do not.</summary>
    private Lazy<PortRules> FindRules()
    {
        try
        {
            return new Lazy<PortRules>(_rules.Get());
        }
        catch (PortRegistryException)
        {
            return new Lazy<PortRules>(_rules.Get, LazyThreadSafetyMode.None);
        }
    }

    /// <summary>Does work that is the first of its kind in this process on a table of no consequence, before the lock is taken for it.</summary>
    /// <param name="kind">The kind of work.</param>
    /// <param name="rules">The rules that the work was prepared under.</param>
    /// <param name="lease">The lease that the work is about, if it is about one.</param>
    /// <param name="prepare">Makes the work: that which is done in earnest may be of use only once.</param>
    public void Rehearse<T>(string kind, PortRules rules, LeaseToken? lease, Func<Func<RegistrySession, T>> prepare)
    {
        if (platform.IsCompiledNow(kind))
        {
            _rehearsal.Run(rules, lease, Enter, prepare());
        }
    }

    /// <summary>What comes between the lock and the work, with a file that is locked by nobody and changes nothing.</summary>
    private void Enter(SafeFileHandle file)
    {
        var held = new RegistryLock(file);
        LockStamp.Write(file, TimeProvider.System, platform);
        OpenTable(held, location.TableFile(platform), create: false, isRehearsal: true)?.Dispose();
        _ = _locker.IsCurrent(held);
    }

    /// <summary>Makes the registry's directory for its user alone, until there is all in it that nobody else may be the first to make.</summary>
    public void PrepareDirectory() => Guard(() =>
    {
        platform.PrepareDirectory(location.Directory, shared: false);
        return true;
    });

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

    private T Run<T>(Lazy<PortRules> rules, Func<RegistrySession, T> work, bool create, T absent, CancellationToken cancellationToken)
    {
        // Before the lock: what names the table, and the clocks, are read from the system.
        _ = (platform.InstanceId, MonotonicNow);
        while (true)
        {
            using RegistryLock? held = _locker.Take(create, cancellationToken);
            if (held is null)
            {
                return absent;
            }

            string path = _finder.Find(MonotonicNow);
            if (platform.BootId is null)
            {
                new TableSuccession(platform, location, Time).RemoveIfOfEarlierBoot(path);
            }

            using SafeFileHandle? file = OpenTable(held, path, create);

            // Asked once the table is open and before it is read: lock and table are then of one directory, whatever was put in its place.
            if (!_locker.IsCurrent(held))
            {
                continue;
            }

            if (file is null)
            {
                return absent;
            }

            try
            {
                return Work(path, file, rules, work);
            }
            catch (FirstVersionException)
            {
                file.Dispose();
                Upgrade(path);
            }
        }
    }

    private T Work<T>(string path, SafeFileHandle file, Lazy<PortRules> rules, Func<RegistrySession, T> work)
    {
        try
        {
            using var table = LeaseTable.Open(platform, file);
            return work(new RegistrySession(platform, table, rules, Time));
        }
        catch (TableDamageException damage)
        {
            throw SetAside(path, damage);
        }
    }

    private void Upgrade(string path)
    {
        try
        {
            new TableSuccession(platform, location, Time).Upgrade(path);
        }
        catch (TableDamageException damage)
        {
            throw SetAside(path, damage);
        }
    }

    private long MonotonicNow => RegistrySession.MonotonicNow(Time, platform);

    private PortRegistryException SetAside(string path, TableDamageException damage) =>
        TableRepair.SetAside(platform, path, location.IsShared, damage, Time.GetUtcNow(), MonotonicNow);

    /// <summary>Turns what files fail with into the registry's own errors.</summary>
    public T Guard<T>(Func<T> work)
    {
        bool isCleared = false;
        while (true)
        {
            try
            {
                return work();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                if (isCleared || !location.IsShared || !RegistryObstacle.Clear(platform, location.LockFile))
                {
                    throw RegistryFailure.Translate(e, location);
                }

                isCleared = true;
            }
        }
    }

    private SafeFileHandle? OpenTable(RegistryLock held, string path, bool create, bool isRehearsal = false)
    {
        // What is in the way is removed under the lock alone.
        SafeFileHandle? file = location.IsShared && !isRehearsal ? OpenSharedTable(path) : platform.OpenFile(path);
        if (file is not null || !create || !_locker.IsCurrent(held))
        {
            return file;
        }

        new TableSuccession(platform, location, Time).Create(path);
        return platform.OpenFile(path);
    }

    private SafeFileHandle? OpenSharedTable(string path)
    {
        // Root can open what others cannot, and would not notice.
        if (platform.UserId == "0")
        {
            _ = RegistryObstacle.Clear(platform, path);
        }

        try
        {
            return platform.OpenFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return RegistryObstacle.Clear(platform, path) ? null : throw RegistryFailure.Translate(e, location);
        }
    }
}

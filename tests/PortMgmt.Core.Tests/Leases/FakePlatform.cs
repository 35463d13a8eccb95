using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Core.Tests.Leases;

/// <summary>
/// A host as a test wants it: its processes, users, namespaces, boot and ports are made up; its files and locks are this
/// machine's own. What is not set is as on a host where all ports are free and every process is known.
/// </summary>
internal sealed class FakePlatform : HostPlatform
{
    private const ulong HomeNamespace = 42;

    private readonly ConcurrentDictionary<int, ulong> _processes = new() { [Environment.ProcessId] = 1000 };

    public ConcurrentDictionary<(int Port, bool Udp), PortBinding> Bindings { get; } = new();

    public HashSet<int> Hidden { get; } = [];

    public HashSet<int> Ancestors { get; } = [];

    public HashSet<int> Threads { get; } = [];

    /// <summary>The boot as the kernel tells it; null for a process that is not told.</summary>
    public string? Boot { get; set; } = "boot1";

    /// <summary>When the machine was started, by its wall clock.</summary>
    public long BootedAt { get; set; } = 1_700_000_000_000;

    /// <summary>How far the clock of this view is ahead of the machine's.</summary>
    public long Offset { get; set; }

    /// <summary>Whether the registry's directory can be no other machine's.</summary>
    public bool IsLocal { get; set; } = true;

    public string NetworkNamespace { get; set; } = "7";

    public ulong PidNamespace { get; set; } = HomeNamespace;

    public string User { get; set; } = Current.UserId;

    public string Home { get; set; } = "/nonexistent";

    public string Machine { get; set; } = "/nonexistent/machine";

    public PortRange? Ephemeral { get; set; } = new PortRange(32768, 60999);

    public PortSet Reserved { get; set; } = PortSet.Empty;

    public PortSet Excluded { get; set; } = PortSet.Empty;

    /// <summary>Whether the machine-wide directory counts, once it is there.</summary>
    public bool TrustsMachine { get; set; } = true;

    public StringComparison Comparison { get; set; } = StringComparison.Ordinal;

    /// <summary>Whether ports that somebody has may be refused as not allowed, as on Windows.</summary>
    public bool RefusesInUse { get; set; }

    /// <summary>Whether ports are bound in earnest.</summary>
    public bool BindsForReal { get; set; }

    /// <summary>Hears the path of a file that is about to be opened or made, and may change what it leads to.</summary>
    public Action<string>? BeforeFile { get; set; }

    /// <summary>The registries that users have of their own.</summary>
    public IReadOnlyList<string> UserDirectories { get; set; } = [];

    /// <summary>Which files of a directory that all share this user may remove.</summary>
    public Func<string, bool> Removable { get; set; } = Current.MayRemove;

    /// <summary>Who has a lock and who waits for it; null for those who do.</summary>
    public (int? Holder, IReadOnlyList<int> Waiters)? LockUsers { get; set; }

    /// <summary>How often a port was tried.</summary>
    public int Probes { get; private set; }

    public override string? BootId => Boot;

    public override string NetworkId => NetworkNamespace;

    public override long BootMoment => BootedAt;

    public override long ClockOffset => Offset;

    public override string UserId => User;

    public override string UserDirectory => Home;

    public override string MachineDirectory => Machine;

    public override bool HasMachineDirectory => TrustsMachine && base.HasMachineDirectory;

    public override StringComparison PathComparison => Comparison;

    public override bool RefusesPortsInUse => RefusesInUse;

    public override bool IsIsolated => PidNamespace != HomeNamespace;

    /// <summary>Starts a process, or gives its id to a new one.</summary>
    public void Start(int id, ulong at) => _processes[id] = at;

    public void End(int id) => _processes.TryRemove(id, out _);

    public override string GetUserName(string userId) => $"user{userId}";

    public override ProcessStamp? GetProcess(int processId) => _processes.TryGetValue(processId, out ulong start)
        ? new ProcessStamp(processId, Hidden.Contains(processId) ? 0 : start, PidNamespace)
        : null;

    public override ProcessLife Examine(in ProcessStamp process)
    {
        if (process.Namespace != PidNamespace)
        {
            return ProcessLife.OutOfSight;
        }

        if (!_processes.TryGetValue(process.Id, out ulong start))
        {
            return ProcessLife.Gone;
        }

        if (process.Start == 0 || Hidden.Contains(process.Id))
        {
            return ProcessLife.Alive;
        }

        return start == process.Start ? ProcessLife.Alive : ProcessLife.Replaced;
    }

    public override bool IsThread(int processId) => Threads.Contains(processId);

    public override bool IsAncestor(in ProcessStamp process) => Ancestors.Contains(process.Id);

    public override DateTimeOffset? GetStartTime(in ProcessStamp process, DateTimeOffset now) =>
        process.Start == 0 ? null : DateTimeOffset.UnixEpoch.AddSeconds(process.Start);

    public override SystemPortRules ReadPortRules() => new(Ephemeral, Reserved) { Excluded = Excluded };

    public override PortBinding Probe(int port, bool udp)
    {
        Probes++;
        return BindsForReal ? Current.Probe(port, udp) : Bindings.GetValueOrDefault((port, udp), PortBinding.Free);
    }

    public override SafeFileHandle? OpenFile(string path, bool readOnly = false)
    {
        BeforeFile?.Invoke(path);
        return Current.OpenFile(path, readOnly);
    }

    public override void CreateFile(string path, bool shared)
    {
        BeforeFile?.Invoke(path);
        Current.CreateFile(path, shared);
    }

    public override bool IsOfThisMachine(string directory) => IsLocal;

    public override bool MayRemove(string path) => Removable(path);

    public override IEnumerable<string> FindUserDirectories() => UserDirectories;

    public override FileObstacle? FindObstacle(string path) => Current.FindObstacle(path);

    public override bool IsAt(SafeFileHandle file, string path) => Current.IsAt(file, path);

    public override void SetSparseLength(SafeFileHandle file, long length) => Current.SetSparseLength(file, length);

    public override long FindData(SafeFileHandle file, long offset) => Current.FindData(file, offset);

    public override long GetSizeOnDisk(string path) => Current.GetSizeOnDisk(path);

    public override void PrepareDirectory(string path, bool shared) => Current.PrepareDirectory(path, shared);

    public override void ShareDirectory(string path) => Current.ShareDirectory(path);

    public override bool TryLock(SafeFileHandle file) => Current.TryLock(file);

    public override IDisposable? WaitForTurn(string lockFile, bool shared, bool open, LockWait wait, CancellationToken cancellationToken) =>
        Current.WaitForTurn(lockFile, shared, open, wait, cancellationToken);

    public override int CountQueued(string lockFile) => Current.CountQueued(lockFile);

    public override bool Lock(SafeFileHandle file, LockWait wait, CancellationToken cancellationToken) => Current.Lock(file, wait, cancellationToken);

    public override (int? Holder, IReadOnlyList<int> Waiters) GetLockUsers(string path) => LockUsers ?? Current.GetLockUsers(path);

    public override void Replace(string draft, string path) => Current.Replace(draft, path);

    public override void Publish(string draft, string path) => Current.Publish(draft, path);
}

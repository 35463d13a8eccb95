using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Platform;

/// <summary>Another platform in all things: what a derived one does not override is the other's, and not the seam's default.</summary>
/// <param name="system">The platform that does the work.</param>
internal abstract class DelegatingPlatform(HostPlatform system) : HostPlatform
{
    /// <summary>The platform that does the work.</summary>
    protected HostPlatform Inner { get; } = system;

    public override string? BootId => Inner.BootId;

    public override string NetworkId => Inner.NetworkId;

    public override long BootMoment => Inner.BootMoment;

    public override long ClockOffset => Inner.ClockOffset;

    public override string UserId => Inner.UserId;

    public override string UserDirectory => Inner.UserDirectory;

    public override string MachineDirectory => Inner.MachineDirectory;

    public override bool HasMachineDirectory => Inner.HasMachineDirectory;

    public override StringComparison PathComparison => Inner.PathComparison;

    public override bool RefusesPortsInUse => Inner.RefusesPortsInUse;

    public override bool IsIsolated => Inner.IsIsolated;

    public override string GetUserName(string userId) => Inner.GetUserName(userId);

    public override ProcessStamp? GetProcess(int processId) => Inner.GetProcess(processId);

    public override ProcessLife Examine(in ProcessStamp process) => Inner.Examine(process);

    public override bool IsGone(in ProcessStamp process) => Inner.IsGone(process);

    public override bool IsThread(int processId) => Inner.IsThread(processId);

    public override bool IsAncestor(in ProcessStamp process) => Inner.IsAncestor(process);

    public override DateTimeOffset? GetStartTime(in ProcessStamp process, DateTimeOffset now) => Inner.GetStartTime(process, now);

    public override SystemPortRules ReadPortRules() => Inner.ReadPortRules();

    public override PortBinding Probe(int port, bool udp) => Inner.Probe(port, udp);

    public override SafeFileHandle? OpenFile(string path, bool readOnly = false) => Inner.OpenFile(path, readOnly);

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => Inner.Write(file, bytes, offset);

    public override bool IsAt(SafeFileHandle file, string path) => Inner.IsAt(file, path);

    public override bool MayRemove(string path) => Inner.MayRemove(path);

    public override FileObstacle? FindObstacle(string path) => Inner.FindObstacle(path);

    public override void CreateFile(string path, bool shared) => Inner.CreateFile(path, shared);

    public override bool IsOfThisMachine(string directory) => Inner.IsOfThisMachine(directory);

    public override void SetSparseLength(SafeFileHandle file, long length) => Inner.SetSparseLength(file, length);

    public override long FindData(SafeFileHandle file, long offset) => Inner.FindData(file, offset);

    public override long GetSizeOnDisk(string path) => Inner.GetSizeOnDisk(path);

    public override IEnumerable<string> FindUserDirectories() => Inner.FindUserDirectories();

    public override void PrepareDirectory(string path, bool shared) => Inner.PrepareDirectory(path, shared);

    public override void ShareDirectory(string path) => Inner.ShareDirectory(path);

    public override bool TryLock(SafeFileHandle file) => Inner.TryLock(file);

    public override IDisposable? WaitForTurn(string lockFile, bool shared, bool open, LockWait wait, CancellationToken cancellationToken) => Inner.WaitForTurn(lockFile, shared, open, wait, cancellationToken);

    public override int CountQueued(string lockFile) => Inner.CountQueued(lockFile);

    public override bool Lock(SafeFileHandle file, LockWait wait, CancellationToken cancellationToken) => Inner.Lock(file, wait, cancellationToken);

    public override (int? Holder, IReadOnlyList<int> Waiters) GetLockUsers(string path) => Inner.GetLockUsers(path);

    public override SafeFileHandle CreateScratchFile() => Inner.CreateScratchFile();

    public override void Replace(string draft, string path) => Inner.Replace(draft, path);

    public override void Publish(string draft, string path) => Inner.Publish(draft, path);
}

using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;

namespace PortMgmt.TestProcess;

/// <summary>This host, on which every step towards the table (locks, turns, files, writes) may be the one that goes wrong.</summary>
/// <param name="faults">Hears of each step before it is done, and may never come back from it.</param>
internal sealed class FaultyPlatform(FaultInjector faults) : HostPlatform
{
    public override string? BootId => Current.BootId;

    public override string NetworkId => Current.NetworkId;

    public override long BootMoment => Current.BootMoment;

    public override long ClockOffset => Current.ClockOffset;

    public override string UserId => Current.UserId;

    public override string UserDirectory => Current.UserDirectory;

    public override string MachineDirectory => Current.MachineDirectory;

    public override bool IsIsolated => Current.IsIsolated;

    public override string GetUserName(string userId) => Current.GetUserName(userId);

    public override ProcessStamp? GetProcess(int processId) => Current.GetProcess(processId);

    public override ProcessLife Examine(in ProcessStamp process) => Current.Examine(process);

    public override bool IsGone(in ProcessStamp process) => Current.IsGone(process);

    public override DateTimeOffset? GetStartTime(in ProcessStamp process, DateTimeOffset now) => Current.GetStartTime(process, now);

    public override SystemPortRules ReadPortRules() => Current.ReadPortRules();

    public override PortBinding Probe(int port, bool udp) => Current.Probe(port, udp);

    public override SafeFileHandle? OpenFile(string path, bool readOnly = false)
    {
        faults.Before("open");
        return Current.OpenFile(path, readOnly);
    }

    public override bool IsAt(SafeFileHandle file, string path)
    {
        faults.Before("after-lock");
        return Current.IsAt(file, path);
    }

    public override FileObstacle? FindObstacle(string path) => Current.FindObstacle(path);

    public override IEnumerable<string> FindUserDirectories() => Current.FindUserDirectories();

    public override bool IsOfThisMachine(string directory) => Current.IsOfThisMachine(directory);

    public override bool MayRemove(string path) => Current.MayRemove(path);

    public override void CreateFile(string path, bool shared)
    {
        faults.Before("create");
        Current.CreateFile(path, shared);
    }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => faults.Write(file, bytes, offset);

    public override void SetSparseLength(SafeFileHandle file, long length)
    {
        faults.Before("lengthen");
        Current.SetSparseLength(file, length);
    }

    public override long GetSizeOnDisk(string path) => Current.GetSizeOnDisk(path);

    public override void PrepareDirectory(string path, bool shared) => Current.PrepareDirectory(path, shared);

    public override void ShareDirectory(string path) => Current.ShareDirectory(path);

    public override bool TryLock(SafeFileHandle file)
    {
        faults.Before("try-lock");
        return Current.TryLock(file);
    }

    public override IDisposable? WaitForTurn(string lockFile, bool shared, bool open, LockWait wait, CancellationToken cancellationToken)
    {
        faults.Before("turn");
        return Current.WaitForTurn(lockFile, shared, open, wait, cancellationToken) is { } turn ? new FaultyTurn(turn, faults) : null;
    }

    public override int CountQueued(string lockFile) => Current.CountQueued(lockFile);

    public override bool Lock(SafeFileHandle file, LockWait wait, CancellationToken cancellationToken)
    {
        faults.Before("lock");
        return Current.Lock(file, wait, cancellationToken);
    }

    public override (int? Holder, IReadOnlyList<int> Waiters) GetLockUsers(string path) => Current.GetLockUsers(path);

    public override void Publish(string draft, string path)
    {
        faults.Before("publish");
        Current.Publish(draft, path);
    }

    /// <summary>A turn whose end may go wrong as well, when the lock is open again and the next one not yet let in.</summary>
    private sealed class FaultyTurn(IDisposable turn, FaultInjector faults) : IDisposable
    {
        public void Dispose()
        {
            faults.Before("leave-turn");
            turn.Dispose();
        }
    }
}

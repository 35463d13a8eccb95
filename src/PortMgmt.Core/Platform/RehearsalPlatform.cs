using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Platform;

/// <summary>The system for a rehearsal: itself in all things, but a port is tried on whatever free port the system picks, in nobody's way.</summary>
/// <param name="system">The system.</param>
internal sealed class RehearsalPlatform(HostPlatform system) : HostPlatform
{
    public override string? BootId => system.BootId;

    public override string NetworkId => system.NetworkId;

    public override long BootMoment => system.BootMoment;

    public override long ClockOffset => system.ClockOffset;

    public override string UserId => system.UserId;

    public override string UserDirectory => system.UserDirectory;

    public override string MachineDirectory => system.MachineDirectory;

    public override bool HasMachineDirectory => system.HasMachineDirectory;

    public override StringComparison PathComparison => system.PathComparison;

    public override bool RefusesPortsInUse => system.RefusesPortsInUse;

    public override bool IsIsolated => system.IsIsolated;

    public override string GetUserName(string userId) => system.GetUserName(userId);

    public override ProcessStamp? GetProcess(int processId) => system.GetProcess(processId);

    public override ProcessLife Examine(in ProcessStamp process) => system.Examine(process);

    public override bool IsGone(in ProcessStamp process) => system.IsGone(process);

    public override DateTimeOffset? GetStartTime(in ProcessStamp process, DateTimeOffset now) => system.GetStartTime(process, now);

    public override SystemPortRules ReadPortRules() => system.ReadPortRules();

    public override PortBinding Probe(int port, bool udp) => system.Probe(0, udp);

    public override SafeFileHandle? OpenFile(string path, bool readOnly = false) => system.OpenFile(path, readOnly);

    public override void CreateFile(string path, bool shared) => system.CreateFile(path, shared);

    public override void PrepareDirectory(string path, bool shared) => system.PrepareDirectory(path, shared);

    public override void ShareDirectory(string path) => system.ShareDirectory(path);

    public override bool TryLock(SafeFileHandle file) => system.TryLock(file);

    public override bool Lock(SafeFileHandle file, LockWait wait, CancellationToken cancellationToken) => system.Lock(file, wait, cancellationToken);

    public override (int? Holder, IReadOnlyList<int> Waiters) GetLockUsers(string path) => system.GetLockUsers(path);
}

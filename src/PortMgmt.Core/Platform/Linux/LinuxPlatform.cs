using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform.Native;
using PortMgmt.Platform.Unix;
using PortMgmt.Ports;

namespace PortMgmt.Platform.Linux;

/// <summary>Linux: what /proc tells, and little else.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class LinuxPlatform : UnixPlatform
{
    // USER_HZ, the unit of field 22 of /proc/PID/stat, is 100 on every architecture that .NET runs on.
    private const long TicksPerJiffy = TimeSpan.TicksPerSecond / 100;

    private LinuxView? _view;
    private BootAnswer? _boot;

    // Not kept when it fails: it would lead this process to another table than all others, for as long as it lives.
    public override string? BootId => (_boot ??= new BootAnswer(LinuxBoot.ReadId())).Id;

    public override string NetworkId => View.NetworkNamespace.ToString(CultureInfo.InvariantCulture);

    public override long BootMoment => LinuxBoot.GetMoment(View.BootOffset);

    public override long ClockOffset => View.ClockOffset;

    public override string MachineDirectory => "/var/lib/portmgmt";

    public override bool IsIsolated => View.IsInProcessNamespace;

    private LinuxView View => _view ??= LinuxView.Read();

    // O_CLOEXEC, O_NONBLOCK, and O_NOFOLLOW, one of the few flags that Arm numbers in its own way.
    protected override int OpenFlags { get; } =
        0x80000 | 0x800 | (RuntimeInformation.ProcessArchitecture
            is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000);

    protected override int PasswordHomeIndex => nint.Size == 8 ? 4 : 5;

    public override string GetUserName(string userId) => LinuxUsers.IsUnmapped(userId)
        ? $"{base.GetUserName(userId)} (as which whoever is not mapped into this user namespace is shown, perhaps root)"
        : base.GetUserName(userId);

    public override string UserDirectory => LinuxUsers.IsUnmapped(UserId)
        ? throw new PortRegistryException(
            PortRegistryErrorCode.RegistryUnavailable,
            $"This process's user is not mapped into its user namespace and is shown as {base.GetUserName(UserId)}, so there is no home for the registry: name a directory that it may write in PORTMGMT_REGISTRY, or map the user (unshare --map-root-user).")
        : base.UserDirectory;

    public override ProcessStamp? GetProcess(int processId)
    {
        if (!Exists(processId))
        {
            return null;
        }

        return ReadStart(processId, out ulong start) && start == 0
            ? null
            : new ProcessStamp(processId, start, View.ProcessNamespace, View.TimeNamespace);
    }

    public override ProcessLife Examine(in ProcessStamp process)
    {
        if (process.Namespace != View.ProcessNamespace)
        {
            return ProcessLife.OutOfSight;
        }

        if (!Exists(process.Id))
        {
            return ProcessLife.Gone;
        }

        // A missing entry is no proof of death: hidepid hides the processes of others.
        if (process.Start == 0 || !ReadStart(process.Id, out ulong start))
        {
            return ProcessLife.Alive;
        }

        if (start == 0)
        {
            return ProcessLife.Gone;
        }

        var now = new ProcessStamp(process.Id, start, process.Namespace, View.TimeNamespace);
        return now.StartsAlike(process) ? ProcessLife.Alive : ProcessLife.Replaced;
    }

    public override bool IsGone(in ProcessStamp process) => process.Namespace == View.ProcessNamespace && !Exists(process.Id);

    public override bool IsThread(int processId) => View.SeesOwnNamespace && LinuxProcesses.IsThread(processId);

    public override bool IsAncestor(in ProcessStamp process) =>
        View.SeesOwnNamespace && process.Namespace == View.ProcessNamespace && LinuxProcesses.IsAncestor(process.Id);

    public override DateTimeOffset? GetStartTime(in ProcessStamp process, DateTimeOffset now)
    {
        long uptime = process.Start == 0 ? 0 : LinuxBoot.GetUptime(View.BootOffset);
        if (process.Start == 0 || process.Start > (ulong)(uptime / TicksPerJiffy) + 1)
        {
            return null;
        }

        long started = now.UtcTicks - uptime + ((long)process.Start * TicksPerJiffy);
        return new DateTimeOffset(Math.Max(0, started), TimeSpan.Zero);
    }

    public override SystemPortRules ReadPortRules()
    {
        Span<byte> text = stackalloc byte[64];
        PortRange? ephemeral = null;
        int length = LinuxProcFile.Read("/proc/sys/net/ipv4/ip_local_port_range", text);
        if (length > 0 && Utf8Parser.TryParse(text[..length], out int first, out int used)
            && Utf8Parser.TryParse(text[used..length].TrimStart("\t "u8), out int last, out _) && first >= 1 && last >= first)
        {
            ephemeral = new PortRange(first, last);
        }

        return new SystemPortRules(ephemeral, ReadReservedPorts());
    }

    public override PortBinding Probe(int port, bool udp) => LinuxPortProbe.Probe(port, udp);

    public override (int? Holder, IReadOnlyList<int> Waiters) GetLockUsers(string path) => LinuxLockTable.Find(path);

    public override FileObstacle? FindObstacle(string path) => LinuxObstacle.Find(path);

    public override bool MayRemove(string path) => IsRoot || LinuxObstacle.FindOwner(path) == UserId;

    public override bool IsOfThisMachine(string directory) => LinuxFileSystem.IsLocal(directory);

    public override void CreateFile(string path, bool shared)
    {
        string parent = Path.GetDirectoryName(path)!, name = Path.GetFileName(path);
        using var directory = new LinuxDirectory(parent);
        (uint owner, UnixFileMode mode) = directory.GetOwnerAndMode();
        Trust(parent, owner, mode);
        if (!shared)
        {
            directory.Create(name).Dispose();
            return;
        }

        // It gets its rights before its name: who is killed in between leaves nothing that only he may open.
        string draft = $"{name}.{Guid.NewGuid():N}.new";
        try
        {
            using (SafeFileHandle file = directory.Create(draft))
            {
                File.SetUnixFileMode(file, UnixFiles.Everybody);
            }

            if (directory.Link(draft, name))
            {
                return;
            }
        }
        finally
        {
            directory.Remove(draft);
        }

        using SafeFileHandle direct = directory.Create(name);
        File.SetUnixFileMode(direct, UnixFiles.Everybody);
    }

    public override IDisposable? WaitForTurn(string lockFile, bool shared, bool open, LockWait wait, CancellationToken cancellationToken) =>
        LinuxLockQueue.Enter(lockFile, shared, open, wait, cancellationToken);

    public override SafeFileHandle CreateScratchFile()
    {
        const uint CloseOnExec = 1;
        int file = LinuxLibC.CreateMemoryFile("portmgmt", CloseOnExec);
        return file >= 0 ? new SafeFileHandle(file, ownsHandle: true) : throw LibC.LastError("memory");
    }

    public override int CountQueued(string lockFile) => LinuxLockQueue.CountWaiters(lockFile);

    public override bool IsAt(SafeFileHandle file, string path) =>
        LinuxFileStatus.TryRead(file, LinuxFileStatus.Inode, out LinuxFileStatus open)
        && LinuxFileStatus.TryRead(path, LinuxFileStatus.Inode, out LinuxFileStatus named)
        && open.IsSameFile(named);

    public override long FindData(SafeFileHandle file, long offset)
    {
        const int SeekData = 3, NoMore = 6;
        long found = LinuxLibC.Seek(LibC.Descriptor(file), (nint)offset, SeekData);
        return found >= 0 ? found : Marshal.GetLastPInvokeError() == NoMore ? long.MaxValue : offset;
    }

    public override long GetSizeOnDisk(string path) =>
        LinuxFileStatus.TryRead(path, LinuxFileStatus.Blocks, out LinuxFileStatus status) ? status.SizeOnDisk : 0;

    protected override uint GetOwner(string path) =>
        LinuxFileStatus.TryRead(path, LinuxFileStatus.Owner, out LinuxFileStatus status) ? status.OwnerId : throw LibC.LastError(path);

    /// <summary>Reads a start time by the machine's clock; false where it is hidden, 0 for a process that has ended and only waits to be reaped.</summary>
    private bool ReadStart(int processId, out ulong start)
    {
        start = 0;
        bool isSelf = processId == Environment.ProcessId;

        // In a /proc of another namespace, the numbers are those of other processes, and only "self" is this one.
        return (isSelf || View.SeesOwnNamespace)
            && LinuxProcess.ReadStart(isSelf ? "self" : processId.ToString(CultureInfo.InvariantCulture), View.BootOffset, out start);
    }

    private static PortSet ReadReservedPorts()
    {
        byte[] text = new byte[4096];
        int length;
        while ((length = LinuxProcFile.Read("/proc/sys/net/ipv4/ip_local_reserved_ports", text)) == text.Length)
        {
            text = new byte[text.Length * 4];
        }

        return length <= 1 ? PortSet.Empty : PortSet.Parse(Encoding.ASCII.GetString(text, 0, length).AsSpan().Trim());
    }

    // Kept even when it is null, which is an answer.
    private sealed record BootAnswer(string? Id);
}

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
internal sealed unsafe class LinuxPlatform : UnixPlatform
{
    // The kernel's PROC_PID_INIT_INO: the PID namespace that the machine was started with.
    private const ulong InitialPidNamespace = 0xEFFFFFFC;

    // USER_HZ, the unit of field 22 of /proc/PID/stat, is 100 on every architecture that .NET runs on.
    private const long TicksPerJiffy = TimeSpan.TicksPerSecond / 100;

    private readonly ulong _pidNamespace = ReadNamespace("pid");

    private string? _instanceId;

    // Not kept when it fails: it would lead this process to another table than all others, for as long as it lives.
    public override string InstanceId => _instanceId ??= ReadInstanceId();

    public override string MachineDirectory => "/var/lib/portmgmt";

    public override bool IsIsolated => _pidNamespace != InitialPidNamespace;

    // O_CLOEXEC, O_NONBLOCK, and O_NOFOLLOW, one of the few flags that Arm numbers in its own way.
    protected override int OpenFlags { get; } =
        0x80000 | 0x800 | (RuntimeInformation.ProcessArchitecture
            is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000);

    protected override int PasswordHomeIndex => nint.Size == 8 ? 4 : 5;

    public override ProcessStamp? GetProcess(int processId)
    {
        if (!Exists(processId))
        {
            return null;
        }

        return ReadStat(processId, out ulong start) && start == 0
            ? null
            : new ProcessStamp(processId, start, _pidNamespace);
    }

    public override ProcessLife Examine(in ProcessStamp process)
    {
        if (process.Namespace != _pidNamespace)
        {
            return ProcessLife.OutOfSight;
        }

        if (!Exists(process.Id))
        {
            return ProcessLife.Gone;
        }

        // A missing entry is no proof of death: hidepid hides the processes of others.
        if (process.Start == 0 || !ReadStat(process.Id, out ulong start))
        {
            return ProcessLife.Alive;
        }

        if (start == 0)
        {
            return ProcessLife.Gone;
        }

        return start == process.Start ? ProcessLife.Alive : ProcessLife.Replaced;
    }

    public override bool IsGone(in ProcessStamp process) => process.Namespace == _pidNamespace && !Exists(process.Id);

    public override DateTimeOffset? GetStartTime(in ProcessStamp process, DateTimeOffset now)
    {
        const int BootTimeClock = 7;
        if (process.Start == 0)
        {
            return null;
        }

        long* sinceBoot = stackalloc long[2];
        if (LinuxLibC.GetClock(BootTimeClock, sinceBoot) != 0)
        {
            return null;
        }

        long uptime = (sinceBoot[0] * TimeSpan.TicksPerSecond) + (sinceBoot[1] / 100);
        if (process.Start > (ulong)(uptime / TicksPerJiffy) + 1)
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
        int length = ReadFile("/proc/sys/net/ipv4/ip_local_port_range", text);
        if (length > 0 && Utf8Parser.TryParse(text[..length], out int first, out int used)
            && Utf8Parser.TryParse(text[used..length].TrimStart("\t "u8), out int last, out _) && first >= 1 && last >= first)
        {
            ephemeral = new PortRange(first, last);
        }

        return new SystemPortRules(ephemeral, ReadReservedPorts());
    }

    public override PortBinding Probe(int port, bool udp) => LinuxPortProbe.Probe(port, udp);

    public override (int? Holder, IReadOnlyList<int> Waiters) GetLockUsers(string path) => LinuxLockTable.Find(path);

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
                File.SetUnixFileMode(file, Everybody);
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
        File.SetUnixFileMode(direct, Everybody);
    }

    public override IDisposable? WaitForTurn(string lockFile, bool shared, bool open, TimeSpan timeout) =>
        LinuxLockQueue.Enter(lockFile, shared, open, timeout);

    public override bool IsAt(SafeFileHandle file, string path)
    {
        const int CurrentDirectory = -100, EmptyPath = 0x1000;
        const uint InodeWanted = 0x100;
        const int InodeOffset = 32, DeviceOffset = 136;
        byte* open = stackalloc byte[256];
        byte* named = stackalloc byte[256];
        return LinuxLibC.Statx(LibC.Descriptor(file), "", EmptyPath, InodeWanted, open) == 0
            && LinuxLibC.Statx(CurrentDirectory, path, 0, InodeWanted, named) == 0
            && *(ulong*)(open + InodeOffset) == *(ulong*)(named + InodeOffset)
            && *(ulong*)(open + DeviceOffset) == *(ulong*)(named + DeviceOffset);
    }

    public override long GetSizeOnDisk(string path)
    {
        const int CurrentDirectory = -100;
        const uint BlocksWanted = 0x400;
        const int BlocksOffset = 48, BlockLength = 512;
        byte* result = stackalloc byte[256];
        return LinuxLibC.Statx(CurrentDirectory, path, 0, BlocksWanted, result) == 0 ? *(long*)(result + BlocksOffset) * BlockLength : 0;
    }

    protected override uint GetOwner(string path)
    {
        const int CurrentDirectory = -100;
        const uint UserIdWanted = 8;
        const int UserIdOffset = 20;
        byte* result = stackalloc byte[256];
        return LinuxLibC.Statx(CurrentDirectory, path, 0, UserIdWanted, result) == 0
            ? *(uint*)(result + UserIdOffset)
            : throw LibC.LastError(path);
    }

    /// <summary>Reads a start time; false where it is hidden, 0 for a process that has ended and only waits to be reaped.</summary>
    private static bool ReadStat(int processId, out ulong start)
    {
        const int State = 0, ThreadCount = 17, StartTime = 19;
        start = 0;
        Span<byte> text = stackalloc byte[512];
        int length = ReadFile(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"), text);

        // The second field is the program's name in parentheses and may itself have any character.
        int nameEnd = length <= 0 ? -1 : text[..length].LastIndexOf((byte)')');
        if (nameEnd < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[(nameEnd + 2)..length];
        bool zombie = false;
        for (int field = State; field <= StartTime; field++)
        {
            int end = rest.IndexOf((byte)' ');
            if (end < 0)
            {
                return false;
            }

            if (field == State)
            {
                zombie = rest[0] is (byte)'Z' or (byte)'X';
            }

            // A process whose first thread alone has ended looks like a zombie, but has others.
            if (field == ThreadCount)
            {
                zombie &= end == 1 && rest[0] <= (byte)'1';
            }

            if (field == StartTime && !zombie && !Utf8Parser.TryParse(rest[..end], out start, out _))
            {
                return false;
            }

            rest = rest[(end + 1)..];
        }

        return true;
    }

    /// <summary>
    /// Reads a small file of the kernel's; the number of bytes, or -1 where it is not there or not for this user. That there
    /// was no descriptor to read it with says nothing, and must not be taken for an answer.
    /// </summary>
    private static int ReadFile(string path, Span<byte> buffer)
    {
        const int TableFull = 23, TooManyOpen = 24, NoMemory = 12;
        int length = LinuxLibC.ReadSmallFile(path, buffer);
        if (length < 0 && Marshal.GetLastPInvokeError() is TableFull or TooManyOpen or NoMemory)
        {
            throw LibC.LastError(path);
        }

        return length;
    }

    private static PortSet ReadReservedPorts()
    {
        byte[] text = new byte[4096];
        int length;
        while ((length = ReadFile("/proc/sys/net/ipv4/ip_local_reserved_ports", text)) == text.Length)
        {
            text = new byte[text.Length * 4];
        }

        return length <= 1 ? PortSet.Empty : PortSet.Parse(Encoding.ASCII.GetString(text, 0, length).AsSpan().Trim());
    }

    private static string ReadInstanceId()
    {
        Span<byte> text = stackalloc byte[64];
        int length = ReadFile("/proc/sys/kernel/random/boot_id", text);
        string boot = length < 36 ? UnknownBoot : Encoding.ASCII.GetString(text[..36]).Replace("-", "", StringComparison.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{boot}-{ReadNamespace("net")}");
    }

    private static ulong ReadNamespace(string kind)
    {
        // The link reads "pid:[4026531836]".
        Span<byte> text = stackalloc byte[64];
        nint length;
        fixed (byte* start = text)
        {
            length = LinuxLibC.ReadLink("/proc/self/ns/" + kind, start, (nuint)text.Length);
        }

        int bracket = length <= 0 ? -1 : text[..(int)length].IndexOf((byte)'[');
        return bracket >= 0 && Utf8Parser.TryParse(text[(bracket + 1)..(int)length], out ulong number, out _) ? number : 0;
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform.Native;
using PortMgmt.Platform.Unix;
using PortMgmt.Ports;

namespace PortMgmt.Platform.Mac;

/// <summary>macOS: sysctl and libproc.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class MacPlatform : UnixPlatform
{
    // Room for struct stat, which takes 144 bytes.
    private const int StatLength = 256;

    private static readonly bool IsIntel = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public override string? BootId { get; } = ReadText("kern.bootsessionuuid")?.Replace("-", "", StringComparison.Ordinal);

    public override string MachineDirectory => "/Library/Application Support/PortMgmt";

    // O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    protected override int OpenFlags => 0x1000000 | 0x100 | 0x4;

    protected override int PasswordHomeIndex => 6;

    // The file systems of its own tell names apart by more than case, unless somebody formatted them otherwise.
    public override StringComparison PathComparison => StringComparison.OrdinalIgnoreCase;

    public override ProcessStamp? GetProcess(int processId)
    {
        if (!Exists(processId))
        {
            return null;
        }

        return ReadStart(processId, out ulong start) && start == 0 ? null : new ProcessStamp(processId, start, 0);
    }

    public override bool IsGone(in ProcessStamp process) => !Exists(process.Id);

    public override ProcessLife Examine(in ProcessStamp process)
    {
        if (!Exists(process.Id))
        {
            return ProcessLife.Gone;
        }

        // What the system does not tell is no proof of death.
        if (process.Start == 0 || !ReadStart(process.Id, out ulong start))
        {
            return ProcessLife.Alive;
        }

        if (start == 0)
        {
            return ProcessLife.Gone;
        }

        return start == process.Start ? ProcessLife.Alive : ProcessLife.Replaced;
    }

    public override DateTimeOffset? GetStartTime(in ProcessStamp process, DateTimeOffset now) => process.Start == 0 || process.Start > (ulong)Math.Max(0, now.ToUnixTimeMilliseconds()) * 1000
        ? null
        : DateTimeOffset.UnixEpoch.AddTicks((long)process.Start * TimeSpan.TicksPerMicrosecond);

    public override SystemPortRules ReadPortRules()
    {
        int first = ReadNumber("net.inet.ip.portrange.first");
        int last = ReadNumber("net.inet.ip.portrange.last");
        return new SystemPortRules(first >= 1 && last >= first ? new PortRange(first, last) : null, PortSet.Empty);
    }

    public override PortBinding Probe(int port, bool udp) => ManagedPortProbe.Probe(port, udp);

    // macOS tells who has a file open, but not who has it locked.
    public override (int? Holder, IReadOnlyList<int> Waiters) GetLockUsers(string path) => (null, []);

    public override bool IsAt(SafeFileHandle file, string path)
    {
        const int DeviceOffset = 0, InodeOffset = 8;
        byte* open = stackalloc byte[StatLength];
        byte* named = stackalloc byte[StatLength];
        int failed = IsIntel ? MacLibC.StatOpenIntel(LibC.Descriptor(file), open) : MacLibC.StatOpenArm(LibC.Descriptor(file), open);
        return failed == 0 && Stat(path, named) == 0
            && *(uint*)(open + DeviceOffset) == *(uint*)(named + DeviceOffset)
            && *(ulong*)(open + InodeOffset) == *(ulong*)(named + InodeOffset);
    }

    protected override uint GetOwner(string path)
    {
        const int UserIdOffset = 16;
        byte* result = stackalloc byte[StatLength];
        return Stat(path, result) == 0 ? *(uint*)(result + UserIdOffset) : throw LibC.LastError(path);
    }

    private static int Stat(string path, byte* result) => IsIntel ? MacLibC.StatIntel(path, result) : MacLibC.StatArm(path, result);

    /// <summary>Reads a start time in microseconds since 1970; false where it is not told, 0 for one that only waits to be reaped.</summary>
    private static bool ReadStart(int processId, out ulong start)
    {
        // CTL_KERN, KERN_PROC, KERN_PROC_PID
        int* name = stackalloc int[] { 1, 14, 1, processId };
        byte* info = stackalloc byte[MacProcessInfo.Length];
        nuint length = MacProcessInfo.Length;
        start = 0;
        return MacLibC.GetSystemControl(name, 4, info, &length, null, 0) == 0
            && MacProcessInfo.TryReadStart(new ReadOnlySpan<byte>(info, (int)length), processId, out start);
    }

    private static string? ReadText(string name)
    {
        byte* text = stackalloc byte[128];
        nuint length = 128;
        return MacLibC.GetSystemControl(name, text, &length, null, 0) == 0
            ? Marshal.PtrToStringUTF8((nint)text)
            : null;
    }

    private static int ReadNumber(string name)
    {
        int value;
        nuint length = sizeof(int);
        return MacLibC.GetSystemControl(name, &value, &length, null, 0) == 0 ? value : 0;
    }
}

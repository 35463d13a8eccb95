using System.Buffers.Text;
using System.Runtime.Versioning;
using PortMgmt.Ports;

namespace PortMgmt.Platform.Linux;

/// <summary>
/// In which namespaces this process sees the machine, which never changes. What is kept of processes and clocks is kept as the
/// machine itself has it, so that every view of it judges alike; a process that cannot tell how its own differs is refused.
/// </summary>
/// <param name="ProcessNamespace">In which its process ids count.</param>
/// <param name="NetworkNamespace">Whose ports it binds.</param>
/// <param name="TimeNamespace">By which its clocks go; 0 where the kernel has none.</param>
/// <param name="SeesOwnNamespace">Whether the numbers in /proc are ids of its own namespace, and not of one further out.</param>
/// <param name="ClockOffset">How far its monotonic clock is ahead of the machine's, in milliseconds.</param>
/// <param name="BootOffset">How far its clock since the boot is ahead of the machine's, in nanoseconds.</param>
[UnsupportedOSPlatform("windows")]
internal sealed record LinuxView(ulong ProcessNamespace, ulong NetworkNamespace, ulong TimeNamespace, bool SeesOwnNamespace, long ClockOffset, long BootOffset)
{
    // The kernel's PROC_PID_INIT_INO and PROC_TIME_INIT_INO: the namespaces that the machine was started with.
    private const ulong InitialProcessNamespace = 0xEFFFFFFC;
    private const ulong InitialTimeNamespace = 0xEFFFFFFA;

    /// <summary>Whether it lives in a process namespace of its own (a container), so that nobody outside can judge it.</summary>
    public bool IsInProcessNamespace => ProcessNamespace != InitialProcessNamespace;

    /// <summary>Looks at this process.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.RegistryUnavailable"/>: its view cannot be told.</exception>
    public static LinuxView Read()
    {
        ulong process = LinuxProcFile.ReadNamespace("pid"), network = LinuxProcFile.ReadNamespace("net");
        if (process == 0 || network == 0)
        {
            throw Refuse(
                "in which network and process namespace it is, since /proc/self/ns is not shown (there is no /proc, or one of another process namespace)",
                "mount a /proc of its own: unshare --mount-proc, or mount -t proc proc /proc");
        }

        ulong time = LinuxProcFile.ReadNamespace("time");
        (long clock, long boot) = time is 0 or InitialTimeNamespace ? (0, 0) : ReadOffsets(time);
        return new LinuxView(process, network, time, SeesOwn(process), clock, boot);
    }

    /// <summary>What the kernel adds to this process's clocks, for a time namespace of its own.</summary>
    private static (long Clock, long Boot) ReadOffsets(ulong own)
    {
        // The file is about the children's namespace, which is this process's own but between unshare and exec.
        Span<byte> text = stackalloc byte[256];
        int length = LinuxProcFile.ReadNamespace("time_for_children") == own ? LinuxProcFile.Read("/proc/self/timens_offsets", text) : -1;
        return length > 0
            && TryFind(text[..length], "monotonic"u8, out long seconds, out long nanoseconds)
            && TryFind(text[..length], "boottime"u8, out long bootSeconds, out long bootNanoseconds)
            ? ((seconds * 1000) + (nanoseconds / 1_000_000), (bootSeconds * 1_000_000_000) + bootNanoseconds)
            : throw Refuse(
                "how far the clocks of its time namespace are from the machine's (/proc/self/timens_offsets), so that living owners and times to live would look ended",
                "start it with unshare --time --fork, so that it lives in its namespace from the start, or outside of it");
    }

    private static bool TryFind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> clock, out long seconds, out long nanoseconds)
    {
        seconds = nanoseconds = 0;
        int at = text.IndexOf(clock);
        if (at < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[(at + clock.Length)..].TrimStart(" \t"u8);
        return Utf8Parser.TryParse(rest, out seconds, out int used) && Utf8Parser.TryParse(rest[used..].TrimStart(" \t"u8), out nanoseconds, out _);
    }

    private static bool SeesOwn(ulong process)
    {
        // A process that /proc knows as itself lives in the namespace of that /proc, or further in; and nothing is further out than the first.
        if (process == InitialProcessNamespace)
        {
            return true;
        }

        // "NSpid: 8971 5": the ids from the namespace of this /proc inwards.
        Span<byte> text = stackalloc byte[4096];
        int length = LinuxProcFile.Read("/proc/self/status", text);
        int at = length <= 0 ? -1 : text[..length].IndexOf("\nNSpid:"u8);
        if (at < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> line = text[(at + 7)..length];
        return !line[..Math.Max(0, line.IndexOf((byte)'\n'))].Trim(" \t"u8).ContainsAny(" \t"u8);
    }

    private static PortRegistryException Refuse(string what, string way) => new(
        PortRegistryErrorCode.RegistryUnavailable,
        $"This process cannot tell {what}. Nothing was leased or changed: {way}.");
}

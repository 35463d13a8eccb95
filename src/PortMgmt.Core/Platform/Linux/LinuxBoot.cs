using System.Runtime.Versioning;
using System.Text;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Linux;

/// <summary>Which boot of the machine this is, and when it began.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe class LinuxBoot
{
    private const string IdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>
    /// The kernel's own id of this boot; null where it is hidden (ProcSubset=pid, a masked file), and where what stands in its place is
    /// not the kernel's (systemd-nspawn, for one, mounts a container's own over it).
    /// </summary>
    public static string? ReadId()
    {
        Span<byte> text = stackalloc byte[64];
        int length = LinuxProcFile.Read(IdFile, text);
        return length >= 36 && LinuxFileSystem.IsKernels(IdFile)
            ? Encoding.ASCII.GetString(text[..36]).Replace("-", "", StringComparison.Ordinal)
            : null;
    }

    /// <summary>How long the machine runs, its sleep included, in ticks of 100 ns.</summary>
    /// <param name="bootOffset">How far this process's time namespace is ahead of the machine, in nanoseconds.</param>
    public static long GetUptime(long bootOffset)
    {
        const int BootTimeClock = 7;
        return ReadClock(BootTimeClock) - (bootOffset / TimeSpan.NanosecondsPerTick);
    }

    /// <summary>When the machine was started, by the wall clock as it is set now: in milliseconds since 1970.</summary>
    /// <param name="bootOffset">How far this process's time namespace is ahead of the machine, in nanoseconds.</param>
    public static long GetMoment(long bootOffset)
    {
        // Both clocks count through a sleep, and the wall clock is slewed as the other is: their difference changes only when the date is set.
        const int RealTimeClock = 0;
        return (ReadClock(RealTimeClock) - GetUptime(bootOffset)) / TimeSpan.TicksPerMillisecond;
    }

    private static long ReadClock(int clock)
    {
        long* time = stackalloc long[2];
        return LinuxLibC.GetClock(clock, time) == 0
            ? (time[0] * TimeSpan.TicksPerSecond) + (time[1] / TimeSpan.NanosecondsPerTick)
            : throw LibC.LastError("the clock");
    }
}

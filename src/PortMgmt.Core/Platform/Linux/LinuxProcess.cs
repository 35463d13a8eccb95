using System.Buffers.Text;
using System.Runtime.Versioning;

namespace PortMgmt.Platform.Linux;

/// <summary>What /proc tells of a process.</summary>
[UnsupportedOSPlatform("windows")]
internal static class LinuxProcess
{
    // USER_HZ, the unit of field 22 of /proc/PID/stat, is 100 on every architecture that .NET runs on.
    private const long NanosecondsPerJiffy = 10_000_000;

    /// <summary>
    /// Reads a start time by the machine's own clock; false where it is hidden, 0 for a process that has ended and only waits to be
    /// reaped.
    /// </summary>
    /// <param name="entry">The process's entry in /proc.</param>
    /// <param name="bootOffset">How far the reader's time namespace is ahead of the machine, in nanoseconds: the kernel tells the reader's time.</param>
    /// <param name="start">The start, in hundredths of a second.</param>
    public static bool ReadStart(string entry, long bootOffset, out ulong start)
    {
        if (!ReadStat($"/proc/{entry}/stat", out start))
        {
            return false;
        }

        if (start != 0 && bootOffset != 0)
        {
            // At least 1, since 0 means something else.
            start = (ulong)Math.Max(1, (long)start - (long)Math.Floor((decimal)bootOffset / NanosecondsPerJiffy));
        }

        return true;
    }

    private static bool ReadStat(string path, out ulong start)
    {
        const int State = 0, ThreadCount = 17, StartTime = 19;
        start = 0;
        Span<byte> text = stackalloc byte[512];
        int length = LinuxProcFile.Read(path, text);

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
}

using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;

namespace PortMgmt.Leases.Registry;

/// <summary>
/// What whoever has the lock notes in its file: its process and the moment, on the monotonic clock. Those who wait see by it that the
/// lock changes hands, and for how long it has not. It is a hint: nothing is decided by it but how long to wait.
/// </summary>
/// <param name="ProcessId">The process, as it is called in its own namespace; 0 for none.</param>
/// <param name="Since">The moment, in microseconds.</param>
internal readonly record struct LockStamp(int ProcessId, long Since)
{
    // The first byte is what Windows locks, and lets nobody else read.
    private const int Offset = 1;
    private const int Length = 32;

    /// <summary>The moment now, by the machine's own clock, whatever the time namespace.</summary>
    public static long Now(TimeProvider time, HostPlatform platform) =>
        (long)(time.GetTimestamp() * (1_000_000.0 / time.TimestampFrequency)) - (platform.ClockOffset * 1000);

    /// <summary>Notes this process and this moment in the file of a lock that it has just got.</summary>
    public static void Write(SafeFileHandle file, TimeProvider time, HostPlatform platform)
    {
        Span<byte> text = stackalloc byte[Length];
        text.Fill((byte)' ');
        _ = Utf8Formatter.TryFormat(Environment.ProcessId, text, out int used);
        _ = Utf8Formatter.TryFormat(Now(time, platform), text[(used + 1)..], out _);
        text[^1] = (byte)'\n';
        try
        {
            RandomAccess.Write(file, text, Offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk, or a file that may only be read: whoever waits knows less, and that is all.
        }
    }

    /// <summary>Reads the note of whoever has the lock, or had it last; nothing where there is none.</summary>
    public static LockStamp Read(SafeFileHandle file)
    {
        Span<byte> text = stackalloc byte[Length];
        try
        {
            int length = RandomAccess.Read(file, text, Offset);
            return Utf8Parser.TryParse(text[..length], out int processId, out int used) && processId > 0
                && Utf8Parser.TryParse(text[Math.Min(used + 1, length)..length], out long since, out _) && since >= 0
                ? new LockStamp(processId, since)
                : default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}

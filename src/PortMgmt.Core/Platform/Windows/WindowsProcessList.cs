using System.Buffers.Binary;
using System.Runtime.Versioning;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Windows;

/// <summary>The system's list of processes, which tells when each started, to every user: for those that may not be opened.</summary>
internal static class WindowsProcessList
{
    private const int FirstLength = 512 << 10;
    private const int MaxLength = 64 << 20;

    // SYSTEM_PROCESS_INFORMATION on 64 bits.
    private const int StartOffset = 32;
    private const int IdOffset = 80;
    private const int FixedLength = 88;

    /// <summary>When a process started, as FILETIME; null where there is none of that id, 0 where the list cannot be had.</summary>
    [SupportedOSPlatform("windows")]
    public static unsafe ulong? FindStart(int processId)
    {
        for (int length = FirstLength; length <= MaxLength; length *= 2)
        {
            byte[] list = new byte[length];
            int status;
            fixed (byte* start = list)
            {
                uint needed;
                status = NtDll.QuerySystem(NtDll.Processes, start, (uint)length, &needed);
            }

            if (status != NtDll.TooShort)
            {
                return status < 0 ? 0 : FindStart(list, processId);
            }
        }

        return 0;
    }

    /// <summary>Looks for a process in the list: each entry begins with the way to the next.</summary>
    public static ulong? FindStart(ReadOnlySpan<byte> list, int processId)
    {
        while (list.Length >= FixedLength)
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(list[IdOffset..]) == processId)
            {
                return BinaryPrimitives.ReadUInt64LittleEndian(list[StartOffset..]);
            }

            int next = BinaryPrimitives.ReadInt32LittleEndian(list);
            if (next <= 0 || next > list.Length)
            {
                break;
            }

            list = list[next..];
        }

        return null;
    }
}

using System.Buffers.Binary;

namespace PortMgmt.Platform.Mac;

/// <summary>
/// Reads struct kinfo_proc of XNU's sys/sysctl.h, as programs of 64 bits get it; the offsets are the same on x64 and Arm64. The kernel tells
/// it of everybody's processes, and of those that only wait to be reaped, where proc_pidinfo tells an ordinary user of their own alone.
/// </summary>
internal static class MacProcessInfo
{
    /// <summary>The structure's length in bytes.</summary>
    public const int Length = 648;

    private const int SecondsOffset = 0;
    private const int MicrosecondsOffset = 8;
    private const int StatusOffset = 36;
    private const int ProcessIdOffset = 40;
    private const byte ZombieStatus = 5;

    /// <summary>Reads when a process started.</summary>
    /// <param name="info">What the kernel told; nothing where there is no such process.</param>
    /// <param name="processId">The process that was asked for.</param>
    /// <param name="start">In microseconds since 1970; 0 for one that has ended, or only waits to be reaped.</param>
    /// <returns>False where that is no such structure, or is about another process: then nothing is known.</returns>
    public static bool TryReadStart(ReadOnlySpan<byte> info, int processId, out ulong start)
    {
        start = 0;
        if (info.IsEmpty)
        {
            return true;
        }

        if (info.Length != Length || BinaryPrimitives.ReadInt32LittleEndian(info[ProcessIdOffset..]) != processId)
        {
            return false;
        }

        if (info[StatusOffset] != ZombieStatus)
        {
            start = (BinaryPrimitives.ReadUInt64LittleEndian(info[SecondsOffset..]) * 1_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(info[MicrosecondsOffset..]);
        }

        return true;
    }
}

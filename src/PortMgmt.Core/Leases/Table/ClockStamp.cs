using System.Buffers.Binary;

namespace PortMgmt.Leases.Table;

/// <summary>
/// The clocks at an allocation, by which a process that is not told its boot recognises it. Written behind the sweep cursor,
/// in one write: the cursor, four bytes of zero, the moment, the clock, and a checksum of these two.
/// </summary>
/// <param name="BootMoment">When the machine was started by the wall clock as it was set then, in milliseconds since 1970; 0 where the system does not tell.</param>
/// <param name="Clock">The machine's monotonic clock, in milliseconds: it never goes back but by a start of the machine.</param>
internal readonly record struct ClockStamp(long BootMoment, long Clock)
{
    public const int CursorAndStampLength = ChecksumOffset + sizeof(uint);

    private const int MomentOffset = 8;
    private const int ClockOffset = 16;
    private const int ChecksumOffset = 24;

    /// <summary>Reads the stamp behind a sweep cursor; null for one that no call has written.</summary>
    public static ClockStamp? Read(ReadOnlySpan<byte> cursorAndStamp)
    {
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(cursorAndStamp[ChecksumOffset..]);
        return checksum == SlotCodec.Checksum32(cursorAndStamp[MomentOffset..ChecksumOffset])
            ? new ClockStamp(
                BinaryPrimitives.ReadInt64LittleEndian(cursorAndStamp[MomentOffset..]),
                BinaryPrimitives.ReadInt64LittleEndian(cursorAndStamp[ClockOffset..]))
            : null;
    }

    public void Write(Span<byte> cursorAndStamp, int sweepCursor)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(cursorAndStamp, (uint)sweepCursor);
        BinaryPrimitives.WriteInt64LittleEndian(cursorAndStamp[MomentOffset..], BootMoment);
        BinaryPrimitives.WriteInt64LittleEndian(cursorAndStamp[ClockOffset..], Clock);
        BinaryPrimitives.WriteUInt32LittleEndian(cursorAndStamp[ChecksumOffset..], SlotCodec.Checksum32(cursorAndStamp[MomentOffset..ChecksumOffset]));
    }
}

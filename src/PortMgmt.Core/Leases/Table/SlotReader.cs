namespace PortMgmt.Leases.Table;

/// <summary>Tells which of a slot's two copies is true, and a write that was cut short from damage.</summary>
internal static class SlotReader
{
    public const int SlotLength = 2 * SlotCodec.CopyLength;

    /// <summary>Reads a slot that has a place.</summary>
    /// <param name="slot">Its two copies, and nothing else: their length is that of a version.</param>
    /// <param name="index">Which slot it is.</param>
    /// <exception cref="TableDamageException">Its newest state cannot be told, or is that of another slot.</exception>
    public static Slot Read(ReadOnlySpan<byte> slot, int index)
    {
        Slot read = Read(slot);
        return read.Record is { } record && !record.BelongsTo(index)
            ? throw new TableDamageException("its record belongs to another slot")
            : read;
    }

    /// <summary>Reads a slot.</summary>
    /// <param name="slot">Its two copies, and nothing else: their length is that of a version.</param>
    /// <exception cref="TableDamageException">Its newest state cannot be told.</exception>
    public static Slot Read(ReadOnlySpan<byte> slot)
    {
        int copyLength = slot.Length / 2;
        ReadOnlySpan<byte> first = slot[..copyLength];
        ReadOnlySpan<byte> second = slot[copyLength..];
        CopyState firstState = SlotCodec.Inspect(first, out ulong firstSequence);
        CopyState secondState = SlotCodec.Inspect(second, out ulong secondSequence);
        if (firstState == CopyState.Sound && secondState == CopyState.Sound)
        {
            return firstSequence > secondSequence
                ? new Slot(SlotCodec.Read(first), firstSequence, 1)
                : new Slot(SlotCodec.Read(second), secondSequence, 0);
        }

        if (firstState == CopyState.Sound && IsOlder(secondState, second, firstSequence))
        {
            return new Slot(SlotCodec.Read(first), firstSequence, 1);
        }

        if (secondState == CopyState.Sound && IsOlder(firstState, first, secondSequence))
        {
            return new Slot(SlotCodec.Read(second), secondSequence, 0);
        }

        if (secondState == CopyState.Blank && IsOlder(firstState, first, 0))
        {
            return new Slot(null, 0, 0);
        }

        throw new TableDamageException("its checksums do not match");
    }

    /// <summary>
    /// Whether a copy that is not sound is what a writer left that was stopped: it had the older copy in hand, to write
    /// the record after the sound one.
    /// </summary>
    private static bool IsOlder(CopyState state, ReadOnlySpan<byte> copy, ulong sound) => state switch
    {
        CopyState.Blank => sound <= 1,
        CopyState.Unsound => SlotCodec.IsCutShort(copy, sound + 1),
        _ => false,
    };
}

namespace PortMgmt.Leases;

/// <summary>Tells which of a slot's two copies is true, and a write that was cut short from damage.</summary>
internal static class SlotReader
{
    public const int SlotLength = 2 * SlotCodec.CopyLength;

    /// <summary>Reads a slot.</summary>
    /// <param name="slot">Its two copies.</param>
    /// <exception cref="TableDamageException">Its newest state cannot be told.</exception>
    public static Slot Read(ReadOnlySpan<byte> slot)
    {
        ReadOnlySpan<byte> first = slot[..SlotCodec.CopyLength];
        ReadOnlySpan<byte> second = slot[SlotCodec.CopyLength..SlotLength];
        CopyState firstState = SlotCodec.Inspect(first, out ulong firstHead, out ulong firstTail);
        CopyState secondState = SlotCodec.Inspect(second, out ulong secondHead, out ulong secondTail);
        if (firstState == CopyState.Sound && secondState == CopyState.Sound)
        {
            return firstHead > secondHead
                ? new Slot(SlotCodec.Read(first), firstHead, 1)
                : new Slot(SlotCodec.Read(second), secondHead, 0);
        }

        if (firstState == CopyState.Sound && IsOlder(secondState, secondHead, secondTail, firstHead))
            return new Slot(SlotCodec.Read(first), firstHead, 1);
        if (secondState == CopyState.Sound && IsOlder(firstState, firstHead, firstTail, secondHead))
            return new Slot(SlotCodec.Read(second), secondHead, 0);
        if (secondState == CopyState.Blank && IsOlder(firstState, firstHead, firstTail, 0))
            return new Slot(null, 0, 0);
        throw new TableDamageException("its checksums do not match");
    }

    /// <summary>
    /// Whether a copy that is not sound is what a writer left that was stopped: it had the older copy in hand, whose
    /// number is one less than the sound one's, to write the one after it.
    /// </summary>
    private static bool IsOlder(CopyState state, ulong head, ulong tail, ulong sound) => state switch
    {
        CopyState.Blank => sound <= 1,
        CopyState.Torn => head == sound + 1 && tail == (sound == 0 ? 0 : sound - 1),
        _ => false,
    };
}

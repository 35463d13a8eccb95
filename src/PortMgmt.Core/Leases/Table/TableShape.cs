namespace PortMgmt.Leases.Table;

/// <summary>What differs between the versions of the table: how long a copy of a slot is, and where slots begin.</summary>
/// <param name="Version">The version that the header names.</param>
/// <param name="CopyLength">The length of one of a slot's two copies.</param>
/// <param name="SlotsOffset">Where the first slot stands.</param>
internal sealed record TableShape(int Version, int CopyLength, long SlotsOffset)
{
    public static TableShape First { get; } = new(1, 256, 0x10_1000);

    public static TableShape Current { get; } = new(2, SlotCodec.CopyLength, TableLayout.SlotsOffset);

    public int SlotLength => 2 * CopyLength;

    public long FileLength => SlotOffset(TableLayout.SlotCount);

    public long SlotOffset(int index) => SlotsOffset + ((long)index * SlotLength);

    /// <summary>The shape of a file by its header or, where that cannot be read, by its length.</summary>
    public static TableShape Of(ReadOnlySpan<byte> header, long length)
    {
        bool isFirst = TableHeader.TryRead(header) is { } origin ? origin.Version == First.Version : length == First.FileLength;
        return isFirst ? First : Current;
    }
}

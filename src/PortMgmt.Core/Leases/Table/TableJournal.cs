using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;

namespace PortMgmt.Leases.Table;

/// <summary>
/// What several slots are to say, written down before any of them is touched. The header has the records' count and
/// checksum and, behind them, one byte that is the commit: it is set from then on until every slot has been written.
/// </summary>
internal static class TableJournal
{
    private const int EntryLength = sizeof(uint) + SlotCodec.CopyLength;

    // Several bits, so that one that flips neither commits a group nor takes a commit back unnoticed.
    private const byte Committed = 0xC3;

    private const int ChecksumOffset = sizeof(uint);
    private const int MarkOffset = 2 * sizeof(uint);

    /// <summary>Whether a group waits to be carried out.</summary>
    /// <exception cref="TableDamageException">The header says neither yes nor no.</exception>
    public static bool IsCommitted(ReadOnlySpan<byte> header) => header[MarkOffset] switch
    {
        0 => false,
        Committed => true,
        _ => throw new TableDamageException("the journal is neither empty nor committed"),
    };

    public static void Commit(HostPlatform platform, SafeFileHandle file, IReadOnlyList<(int Index, SlotRecord Record)> records)
    {
        byte[] entries = new byte[records.Count * EntryLength];
        for (int i = 0; i < records.Count; i++)
        {
            Span<byte> entry = entries.AsSpan(i * EntryLength, EntryLength);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)records[i].Index);
            SlotCodec.Write(entry[sizeof(uint)..], 1, records[i].Record);
        }

        platform.Write(file, entries, TableLayout.JournalOffset);
        Span<byte> header = stackalloc byte[MarkOffset + 1];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)records.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumOffset..], SlotCodec.Checksum32(entries));
        header[MarkOffset] = Committed;
        platform.Write(file, header, TableLayout.JournalHeaderOffset);
    }

    public static void Clear(HostPlatform platform, SafeFileHandle file) =>
        platform.Write(file, [0], TableLayout.JournalHeaderOffset + MarkOffset);

    /// <summary>The records of the group that is committed.</summary>
    /// <exception cref="TableDamageException">They are not what was committed.</exception>
    public static IReadOnlyList<(int Index, SlotRecord Record)> Read(SafeFileHandle file, TableShape shape)
    {
        int entryLength = sizeof(uint) + shape.CopyLength;
        Span<byte> header = stackalloc byte[TableLayout.JournalHeaderLength];
        RandomAccess.Read(file, header, TableLayout.JournalHeaderOffset);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (count > TableLayout.JournalCapacity)
        {
            throw new TableDamageException("the journal counts more records than it has room for");
        }

        byte[] entries = new byte[count * entryLength];
        RandomAccess.Read(file, entries, TableLayout.JournalOffset);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumOffset..]) != SlotCodec.Checksum32(entries))
        {
            throw new TableDamageException("the journal's checksum does not match");
        }

        var records = new (int, SlotRecord)[count];
        for (int i = 0; i < records.Length; i++)
        {
            ReadOnlySpan<byte> entry = entries.AsSpan(i * entryLength, entryLength);
            int index = BinaryPrimitives.ReadInt32LittleEndian(entry);
            SlotRecord record = SlotCodec.Read(entry[sizeof(uint)..]);
            if (!record.BelongsTo(index))
            {
                throw new TableDamageException("the journal has a record for a slot that it does not belong to");
            }

            records[i] = (index, record);
        }

        return records;
    }
}

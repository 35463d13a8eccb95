using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Leases;

/// <summary>
/// What several slots are to say, written down before any of them is touched. The header is the commit: its count is
/// above zero, and its checksum that of the records, from the commit until every slot has been written.
/// </summary>
internal static class TableJournal
{
    private const int EntryLength = sizeof(uint) + SlotCodec.CopyLength;

    public static bool IsCommitted(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt32LittleEndian(header) > 0;

    public static void Commit(SafeFileHandle file, IReadOnlyList<(int Index, SlotRecord Record)> records)
    {
        byte[] entries = new byte[records.Count * EntryLength];
        for (int i = 0; i < records.Count; i++)
        {
            Span<byte> entry = entries.AsSpan(i * EntryLength, EntryLength);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)records[i].Index);
            SlotCodec.Write(entry[sizeof(uint)..], 1, records[i].Record);
        }

        RandomAccess.Write(file, entries, TableLayout.JournalOffset);
        WriteHeader(file, (uint)records.Count, SlotCodec.Checksum32(entries));
    }

    public static void Clear(SafeFileHandle file) => WriteHeader(file, 0, 0);

    /// <summary>The records of the committed group; none when the commit itself was cut short.</summary>
    public static IReadOnlyList<(int Index, SlotRecord Record)> Read(SafeFileHandle file)
    {
        Span<byte> header = stackalloc byte[TableLayout.JournalHeaderLength];
        RandomAccess.Read(file, header, TableLayout.JournalHeaderOffset);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (count > TableLayout.JournalCapacity)
            throw new TableDamageException("the journal counts more records than it has room for");
        byte[] entries = new byte[count * EntryLength];
        RandomAccess.Read(file, entries, TableLayout.JournalOffset);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[sizeof(uint)..]) != SlotCodec.Checksum32(entries))
            throw new TableDamageException("the journal's checksum does not match");
        var records = new (int, SlotRecord)[count];
        for (int i = 0; i < records.Length; i++)
        {
            ReadOnlySpan<byte> entry = entries.AsSpan(i * EntryLength, EntryLength);
            records[i] = ((int)BinaryPrimitives.ReadUInt32LittleEndian(entry), SlotCodec.Read(entry[sizeof(uint)..]));
        }

        return records;
    }

    private static void WriteHeader(SafeFileHandle file, uint count, uint checksum)
    {
        Span<byte> header = stackalloc byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(header, count);
        BinaryPrimitives.WriteUInt32LittleEndian(header[sizeof(uint)..], checksum);
        RandomAccess.Write(file, header, TableLayout.JournalHeaderOffset);
    }
}

using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;

namespace PortMgmt.Leases.Table;

/// <summary>
/// The open table: slots to read and write by index. Used under the registry's lock by one thread.
/// A write goes to a slot's older copy, so that a kill at any point leaves the old state or the new one; what touches
/// several slots goes through a journal, so that it happens whole or not at all.
/// </summary>
internal sealed class LeaseTable : IDisposable
{
    private readonly HostPlatform _platform;
    private readonly SafeFileHandle _file;
    private readonly TagWindow _tags;
    private readonly byte[] _slot = new byte[SlotReader.SlotLength];

    // What is in the buffer: what was looked at last is what is written next, as a rule.
    private (int Index, Slot Slot)? _lastRead;

    private LeaseTable(HostPlatform platform, SafeFileHandle file, ReadOnlySpan<byte> cursorAndStamp)
    {
        _platform = platform;
        _file = file;
        _tags = new TagWindow(platform, file);
        SweepCursor = (int)(BinaryPrimitives.ReadUInt32LittleEndian(cursorAndStamp) % TableLayout.SlotCount);
        Clocks = ClockStamp.Read(cursorAndStamp);
    }

    /// <summary>The tags of all slots.</summary>
    public TagWindow Tags => _tags;

    /// <summary>The sweep cursor, a slot's index.</summary>
    public int SweepCursor { get; private set; }

    /// <summary>The clocks at which the cursor was moved last; null where no call has noted them.</summary>
    public ClockStamp? Clocks { get; private set; }

    /// <summary>Opens a table by its path; null when there is none.</summary>
    /// <exception cref="TableDamageException">It is not a table, or not whole.</exception>
    public static LeaseTable? Open(HostPlatform platform, string path) =>
        platform.OpenFile(path) is { } file ? Open(platform, file) : null;

    /// <summary>Opens a table and finishes a group that was committed but not carried out.</summary>
    /// <param name="platform">How to write files.</param>
    /// <param name="file">The table's open file, which is closed with the table, or at once when it is none.</param>
    /// <exception cref="TableDamageException">It is not a table, or not whole.</exception>
    /// <exception cref="FirstVersionException">It is one of version 1.</exception>
    public static LeaseTable Open(HostPlatform platform, SafeFileHandle file)
    {
        try
        {
            Span<byte> preamble = stackalloc byte[TableLayout.PreambleLength];
            if (RandomAccess.Read(file, preamble, 0) < preamble.Length)
            {
                throw new TableDamageException("the file is cut short");
            }

            TableHeader.Check(preamble);
            if (RandomAccess.GetLength(file) != TableLayout.FileLength)
            {
                throw new TableDamageException("the file is cut short or too long");
            }

            var table = new LeaseTable(platform, file, preamble[TableLayout.SweepCursorOffset..]);
            if (TableJournal.IsCommitted(preamble[TableLayout.JournalHeaderOffset..]))
            {
                table.FinishGroup();
            }

            return table;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a slot.</summary>
    /// <exception cref="TableDamageException">It is damaged; the message says which it is.</exception>
    public Slot ReadSlot(int index)
    {
        if (_lastRead is { } last && last.Index == index)
        {
            return last.Slot;
        }

        _lastRead = null;
        RandomAccess.Read(_file, _slot, TableLayout.SlotOffset(index));
        Slot slot = Decode(_slot, index);
        _lastRead = (index, slot);
        return slot;
    }

    /// <summary>Visits every slot whose tag says that it is leased or has been, by rising index.</summary>
    /// <param name="first">The first slot to look at.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="visit">Gets the slot's index and what it holds.</param>
    public void Scan(int first, int end, Action<int, Slot> visit)
    {
        // Where used slots stand close together they are read in ever larger blocks; of slots far apart few others are read along.
        const int LeastSlots = 4, MostSlots = 64;
        byte[] block = new byte[MostSlots * SlotReader.SlotLength];
        int blockStart = -1, blockEnd = -1;
        for (int index = _tags.NextUsed(first, end); index < end; index = _tags.NextUsed(index + 1, end))
        {
            if (index >= blockEnd)
            {
                int count = blockEnd >= 0 && index < blockEnd + LeastSlots ? Math.Min(2 * (blockEnd - blockStart), MostSlots) : LeastSlots;
                (blockStart, blockEnd) = (index, index + count);
                RandomAccess.Read(_file, block.AsSpan(0, count * SlotReader.SlotLength), TableLayout.SlotOffset(index));
            }

            visit(index, Decode(block.AsSpan((index - blockStart) * SlotReader.SlotLength, SlotReader.SlotLength), index));
        }
    }

    /// <summary>Visits every slot that was ever written, whatever its tag says, as far as the file system tells where that was.</summary>
    /// <param name="visit">Gets the slot's index and what it holds.</param>
    public void ScanAll(Action<int, Slot> visit) =>
        FullScan.Visit(_file, TableShape.Current, (index, bytes) => visit(index, Decode(bytes, index)), offset => _platform.FindData(_file, offset));

    /// <summary>Writes a slot's next record.</summary>
    /// <param name="index">The slot.</param>
    /// <param name="slot">The slot as it was read.</param>
    /// <param name="record">What it says from now on.</param>
    public void WriteSlot(int index, in Slot slot, SlotRecord record)
    {
        _lastRead = null;
        if (record.Kind == SlotKind.Leased)
        {
            _tags.Write(index, SlotTag.From(record));
        }

        Span<byte> copy = stackalloc byte[SlotCodec.CopyLength];
        SlotCodec.Write(copy, slot.Sequence + 1, record);
        _platform.Write(_file, copy, TableLayout.SlotOffset(index) + (slot.OlderCopy * SlotCodec.CopyLength));
        if (record.Kind != SlotKind.Leased)
        {
            _tags.Write(index, SlotTag.From(record));
        }
    }

    /// <summary>Writes several slots, all or none.</summary>
    /// <param name="records">The records with the slots that they go to.</param>
    public void WriteGroup(IReadOnlyList<(int Index, SlotRecord Record)> records)
    {
        if (records.Count == 1)
        {
            WriteSlot(records[0].Index, ReadSlot(records[0].Index), records[0].Record);
            return;
        }

        // The room is taken first by writing back what is there, and damage is met: from the commit on, neither is in the way.
        foreach ((int index, _) in records)
        {
            ReadSlot(index);
            _platform.Write(_file, _slot, TableLayout.SlotOffset(index));
        }

        TableJournal.Commit(_platform, _file, records);
        FinishGroup();
    }

    /// <summary>Moves the sweep cursor and notes the clocks. Losing them would do no harm.</summary>
    public void MoveSweepCursor(int index, ClockStamp clocks)
    {
        SweepCursor = index % TableLayout.SlotCount;
        Clocks = clocks;
        Span<byte> value = stackalloc byte[ClockStamp.CursorAndStampLength];
        clocks.Write(value, SweepCursor);
        _platform.Write(_file, value, TableLayout.SweepCursorOffset);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tags.Dispose();
        _file.Dispose();
    }

    private static Slot Decode(ReadOnlySpan<byte> bytes, int index)
    {
        try
        {
            return SlotReader.Read(bytes, index);
        }
        catch (TableDamageException damage)
        {
            throw new TableDamageException($"the slot of {(TableLayout.IsUdp(index) ? "UDP" : "TCP")} port {TableLayout.PortOf(index)}: {damage.Message}");
        }
    }

    // Doing it twice does no harm: a slot that has the record already is left as it is.
    private void FinishGroup()
    {
        foreach ((int index, SlotRecord record) in TableJournal.Read(_file, TableShape.Current))
        {
            Slot slot = ReadSlot(index);
            if (slot.Record != record)
            {
                WriteSlot(index, slot, record);
            }
        }

        TableJournal.Clear(_platform, _file);
    }
}

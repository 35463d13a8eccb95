using Microsoft.Win32.SafeHandles;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Table;

/// <summary>All that can still be read of a table, whole or damaged, of either version.</summary>
/// <param name="Records">The records by slot, those of a committed group included.</param>
/// <param name="Unreadable">The slots that cannot be read.</param>
internal sealed record TableContent(Dictionary<int, SlotRecord> Records, IReadOnlyList<int> Unreadable)
{
    public static TableContent Read(SafeFileHandle file, TableShape shape)
    {
        var records = new Dictionary<int, SlotRecord>();
        List<int> unreadable = [];
        FullScan.Visit(file, shape, (index, bytes) =>
        {
            if (ReadIfSound(bytes, index) is not { } slot)
            {
                unreadable.Add(index);
            }
            else if (slot.Record is { } record)
            {
                records[index] = record;
            }
        });
        foreach ((int index, SlotRecord record) in ReadJournalIfSound(file, shape))
        {
            records[index] = record;
        }

        // The one half of a lease of both protocols tells what the other said.
        foreach (SlotRecord half in records.Values.Where(static record => record.Protocol == PortProtocol.Both).ToArray())
        {
            records.TryAdd(TableLayout.Index(half.Port, udp: false), half);
            records.TryAdd(TableLayout.Index(half.Port, udp: true), half);
        }

        return new TableContent(records, unreadable);
    }

    private static Slot? ReadIfSound(ReadOnlySpan<byte> slot, int index)
    {
        try
        {
            return SlotReader.Read(slot, index);
        }
        catch (TableDamageException)
        {
            return null;
        }
    }

    /// <summary>The group that was committed but perhaps not carried out.</summary>
    private static IReadOnlyList<(int Index, SlotRecord Record)> ReadJournalIfSound(SafeFileHandle file, TableShape shape)
    {
        byte[] header = new byte[TableLayout.JournalHeaderLength];
        RandomAccess.Read(file, header, TableLayout.JournalHeaderOffset);
        try
        {
            return TableJournal.IsCommitted(header) ? TableJournal.Read(file, shape) : [];
        }
        catch (TableDamageException)
        {
            return [];
        }
    }
}

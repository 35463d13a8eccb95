using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>What is done with a table that is damaged: it is set aside whole, and what can still be read starts the next one.</summary>
internal static class TableRepair
{
    /// <summary>Sets a damaged table aside, under the registry's lock.</summary>
    /// <returns>The error for the caller: nothing of his was done.</returns>
    public static PortRegistryException SetAside(HostPlatform platform, RegistryLocation location, TableDamageException damage, DateTimeOffset now, long monotonicNow)
    {
        string path = location.TableFile(platform);
        if (!platform.MayRemove(path))
        {
            return new PortRegistryException(
                PortRegistryErrorCode.RegistryCorrupt,
                $"The lease table '{path}' is damaged ({damage.Message}) and is another user's, so it could not be set aside, and nothing was changed. Any call of its user or of an administrator sets it aside.",
                damage);
        }

        string next = $"{path}.{platform.UserId}.rescue";
        string aside = $"{path}.damaged-{now.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}";
        File.Delete(next);
        int kept;
        try
        {
            LeaseTable.Create(platform, next, location.IsShared, now);
            using (SafeFileHandle old = platform.OpenFile(path) ?? throw new FileNotFoundException("The damaged table vanished.", path))
            using (LeaseTable table = LeaseTable.Open(platform, next) ?? throw new FileNotFoundException("The new table vanished.", next))
            {
                kept = CopySound(old, table, monotonicNow);
            }

            // Only with the next table whole, and in one step: there is never no table, and a full disk leaves everything as it was.
            File.Replace(next, path, aside);
        }
        finally
        {
            File.Delete(next);
        }

        return new PortRegistryException(
            PortRegistryErrorCode.RegistryCorrupt,
            $"The lease table '{path}' was damaged ({damage.Message}). It was set aside as '{aside}', and {kept} leases that could be read were carried over into a new one. Repeat the call.",
            damage);
    }

    private static int CopySound(SafeFileHandle old, LeaseTable table, long now)
    {
        var records = new Dictionary<int, SlotRecord>();
        List<int> unreadable = [];
        FullScan.Visit(old, (index, bytes) =>
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
        foreach ((int index, SlotRecord record) in ReadJournalIfSound(old))
        {
            records[index] = record;
        }

        // The one half of a lease of both protocols tells what the other said.
        foreach (SlotRecord half in records.Values.Where(static record => record.Protocol == PortProtocol.Both).ToArray())
        {
            foreach ((int index, SlotRecord record) in RegistrySession.SlotsOf(half))
            {
                records.TryAdd(index, record);
            }
        }

        // Of what cannot be read nobody knows whether it was leased: it goes into quarantine.
        foreach (int index in unreadable)
        {
            records.TryAdd(index, NewQuarantine(index, now));
        }

        foreach ((int index, SlotRecord record) in records)
        {
            table.WriteSlot(index, default, record);
        }

        return records.Count(static entry => entry.Value.Kind == SlotKind.Leased
            && !(entry.Value.Protocol == PortProtocol.Both && TableLayout.IsUdp(entry.Key)));
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
    private static IReadOnlyList<(int Index, SlotRecord Record)> ReadJournalIfSound(SafeFileHandle old)
    {
        byte[] header = new byte[TableLayout.JournalHeaderLength];
        RandomAccess.Read(old, header, TableLayout.JournalHeaderOffset);
        try
        {
            return TableJournal.IsCommitted(header) ? TableJournal.Read(old) : [];
        }
        catch (TableDamageException)
        {
            return [];
        }
    }

    private static SlotRecord NewQuarantine(int index, long now) => new()
    {
        Kind = SlotKind.Quarantined,
        Port = TableLayout.PortOf(index),
        Protocol = TableLayout.IsUdp(index) ? PortProtocol.Udp : PortProtocol.Tcp,
        UserId = "0",
        CreatedAt = 0,
        Deadline = now + RegistrySession.QuarantineMilliseconds,
        Fence = new string('0', LeaseToken.FenceLength),
        Name = "",
    };
}

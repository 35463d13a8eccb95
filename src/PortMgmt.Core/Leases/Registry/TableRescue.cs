using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;

namespace PortMgmt.Leases;

/// <summary>What is done with a table that is damaged: it is set aside whole, and what can still be read starts the next one.</summary>
internal static class TableRescue
{
    /// <summary>Sets a damaged table aside, under the registry's lock.</summary>
    /// <returns>The error for the caller: nothing of his was done.</returns>
    public static PortRegistryException SetAside(HostPlatform platform, RegistryLocation location, TableDamageException damage, DateTimeOffset now, long monotonicNow)
    {
        string path = location.TableFile(platform);
        string next = path + ".rescue";
        string aside = $"{path}.damaged-{now.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}";
        File.Delete(next);
        LeaseTable.Create(platform, next, location.IsShared, now);
        int kept;
        using (SafeFileHandle old = platform.OpenFile(path) ?? throw new FileNotFoundException("The damaged table vanished.", path))
        using (LeaseTable table = LeaseTable.Open(platform, next) ?? throw new FileNotFoundException("The new table vanished.", next))
            kept = CopySound(old, table, monotonicNow);

        // Only with the next table whole is the old one moved: a full disk leaves everything as it was.
        File.Move(path, aside);
        File.Move(next, path);
        return new PortRegistryException(
            PortRegistryErrorCode.RegistryCorrupt,
            $"The lease table '{path}' was damaged ({damage.Message}). It was set aside as '{aside}', and {kept} leases that could be read were carried over into a new one. Repeat the call.",
            damage);
    }

    private static int CopySound(SafeFileHandle old, LeaseTable table, long now)
    {
        const int BlockSlots = 1024;
        byte[] block = new byte[BlockSlots * SlotReader.SlotLength];
        int kept = 0;
        for (int first = 0; first < TableLayout.SlotCount; first += BlockSlots)
        {
            int length = RandomAccess.Read(old, block, TableLayout.SlotOffset(first)) / SlotReader.SlotLength * SlotReader.SlotLength;
            if (!block.AsSpan(0, length).ContainsAnyExcept((byte)0))
                continue;
            for (int at = 0; at < length; at += SlotReader.SlotLength)
            {
                int index = first + (at / SlotReader.SlotLength);
                if (ReadOrRest(block.AsSpan(at, SlotReader.SlotLength), index, now) is not { } record)
                    continue;
                table.WriteSlot(index, table.ReadSlot(index), record);
                if (record.Kind == SlotKind.Leased && !(record.Protocol == PortProtocol.Both && TableLayout.IsUdp(index)))
                    kept++;
            }
        }

        return kept;
    }

    /// <summary>A slot's record; where it cannot be read, its port rests, since nobody knows whether it was leased.</summary>
    private static SlotRecord? ReadOrRest(ReadOnlySpan<byte> slot, int index, long now)
    {
        try
        {
            return SlotReader.Read(slot).Record;
        }
        catch (TableDamageException)
        {
            return new SlotRecord
            {
                Kind = SlotKind.Resting,
                Port = TableLayout.PortOf(index),
                Protocol = TableLayout.IsUdp(index) ? PortProtocol.Udp : PortProtocol.Tcp,
                UserId = "0",
                CreatedAt = 0,
                Deadline = now + RegistrySession.RestMilliseconds,
                Fence = new string('0', LeaseToken.FenceLength),
                Name = "",
            };
        }
    }
}

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
    public static PortRegistryException SetAside(HostPlatform platform, string path, bool shared, TableDamageException damage, DateTimeOffset now, long monotonicNow)
    {
        if (!platform.MayRemove(path))
        {
            return new PortRegistryException(
                PortRegistryErrorCode.RegistryCorrupt,
                $"The lease table '{path}' is damaged ({damage.Message}) and is another user's, so it could not be set aside, and nothing was changed. Any call of its user or of an administrator sets it aside.",
                damage);
        }

        string next = TableDraft.NewName(path);
        string aside = $"{path}.damaged-{now.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}";
        int kept;
        try
        {
            Dictionary<int, SlotRecord> records = ReadSound(platform, path, monotonicNow);
            TableDraft.Publish(platform, next, shared, now, new ClockStamp(platform.BootMoment, monotonicNow), records);
            kept = records.Count(static entry => entry.Value.Kind == SlotKind.Leased
                && !(entry.Value.Protocol == PortProtocol.Both && TableLayout.IsUdp(entry.Key)));

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

    private static Dictionary<int, SlotRecord> ReadSound(HostPlatform platform, string path, long now)
    {
        using SafeFileHandle old = platform.OpenFile(path) ?? throw new FileNotFoundException("The damaged table vanished.", path);
        byte[] header = new byte[TableLayout.HeaderLength];
        RandomAccess.Read(old, header, 0);
        var content = TableContent.Read(old, TableShape.Of(header, RandomAccess.GetLength(old)));

        // Of what cannot be read nobody knows whether it was leased: it goes into quarantine.
        foreach (int index in content.Unreadable)
        {
            content.Records.TryAdd(index, NewQuarantine(index, now));
        }

        return content.Records;
    }

    /// <summary>What a slot says of which nobody knows what it said.</summary>
    public static SlotRecord NewQuarantine(int index, long now) => new()
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

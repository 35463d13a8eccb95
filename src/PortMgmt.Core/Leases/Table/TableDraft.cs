using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;

namespace PortMgmt.Leases.Table;

/// <summary>A table in the making: it has a name of its own until all of it is there. Used under the registry's lock.</summary>
internal static class TableDraft
{
    private const string Ending = ".new";

    /// <summary>
    /// A name that nobody else has: whoever lost the lock with its directory, and makes a table in the next one, writes into nobody's
    /// draft, and no directory can be in the way for good.
    /// </summary>
    /// <param name="path">The path that the table is to have.</param>
    public static string NewName(string path) => $"{path}.{Guid.NewGuid():N}{Ending}";

    /// <summary>Whether a file is one. Tables are made under the lock alone: who made one that is found there was killed over it.</summary>
    public static bool IsOne(string path) => path.EndsWith(Ending, StringComparison.Ordinal);

    /// <summary>Makes a table in one step: nobody ever sees half of one. Where another made one meanwhile, that one stays.</summary>
    /// <param name="platform">How to make files.</param>
    /// <param name="path">Its path.</param>
    /// <param name="shared">Whether every user may write to it.</param>
    /// <param name="now">The time, for people.</param>
    /// <param name="clocks">The clocks of now, for those who come after a start of the machine.</param>
    /// <param name="records">What it begins with, by slot; null for nothing.</param>
    public static void Publish(HostPlatform platform, string path, bool shared, DateTimeOffset now, ClockStamp clocks, IReadOnlyDictionary<int, SlotRecord>? records = null)
    {
        string draft = NewName(path);
        try
        {
            platform.CreateFile(draft, shared);
            WriteFront(platform, draft, now, clocks);
            if (records is { Count: > 0 })
            {
                WriteRecords(platform, draft, records);
            }

            platform.Publish(draft, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // As good.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void WriteFront(HostPlatform platform, string draft, DateTimeOffset now, ClockStamp clocks)
    {
        using SafeFileHandle file = platform.OpenFile(draft) ?? throw Vanished(draft);

        // The room for header and tags is taken now, so that no later write of a tag can find the disk full.
        byte[] front = new byte[TableLayout.JournalOffset];
        TableHeader.Write(front, platform.InstanceId, now);
        clocks.Write(front.AsSpan(TableLayout.SweepCursorOffset), sweepCursor: 0);
        platform.Write(file, front, 0);
        platform.SetSparseLength(file, TableLayout.FileLength);
    }

    private static void WriteRecords(HostPlatform platform, string draft, IReadOnlyDictionary<int, SlotRecord> records)
    {
        using LeaseTable table = LeaseTable.Open(platform, draft) ?? throw Vanished(draft);
        foreach ((int index, SlotRecord record) in records)
        {
            table.WriteSlot(index, default, record);
        }
    }

    private static FileNotFoundException Vanished(string draft) => new("The table vanished while it was made.", draft);
}

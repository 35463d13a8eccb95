namespace PortMgmt.Leases.Table;

/// <summary>Where things stand in the table's file. All offsets and lengths in bytes.</summary>
internal static class TableLayout
{
    public const int PortCount = 65536;
    public const int SlotCount = 2 * PortCount;

    /// <summary>A line that says what the file is.</summary>
    public const int HeaderLength = 256;

    /// <summary>The sweep cursor, and behind it the clocks of the last allocation (<see cref="ClockStamp"/>).</summary>
    public const int SweepCursorOffset = 512;

    public const int JournalHeaderOffset = 1024;
    public const int JournalHeaderLength = 64;

    /// <summary>What every call reads at once: the header, the sweep cursor and its clocks, the journal's header.</summary>
    public const int PreambleLength = JournalHeaderOffset + JournalHeaderLength;

    public const long TagsOffset = 4096;
    public const int TagsLength = SlotCount * sizeof(uint);

    /// <summary>The records of a group; as many as the largest request has slots.</summary>
    public const long JournalOffset = TagsOffset + TagsLength;
    public const int JournalCapacity = 2 * PortLeaseRequest.MaxCount;

    // Behind the longest journal, with room to spare.
    public const long SlotsOffset = 0x20_0000;

    public const long FileLength = SlotsOffset + ((long)SlotCount * SlotReader.SlotLength);

    /// <summary>The slot of a port: all of TCP first, then all of UDP.</summary>
    public static int Index(int port, bool udp) => udp ? PortCount + port : port;

    public static int PortOf(int index) => index & (PortCount - 1);

    public static bool IsUdp(int index) => index >= PortCount;

    public static long SlotOffset(int index) => SlotsOffset + ((long)index * SlotReader.SlotLength);
}

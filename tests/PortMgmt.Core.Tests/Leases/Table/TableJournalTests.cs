using PortMgmt.Leases.Table;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Table;

/// <summary>
/// A group of two slots, stopped after every byte that it writes. The writes are found by doing the group once, so that
/// no test knows in which order they come but the ones that have to.
/// </summary>
public sealed class TableJournalTests : IDisposable
{
    private const int Tcp = 18080;
    private const int JournalHeaderLength = 9;

    private static readonly SlotRecord Old = Records.Leased(Tcp, "old", PortProtocol.Both);
    private static readonly SlotRecord New = Records.Leased(Tcp, "new", PortProtocol.Both);
    private static readonly int Udp = TableLayout.Index(Tcp, udp: true);

    private readonly RegistryFixture _host = new();

    public TableJournalTests()
    {
        TableDraft.Publish(_host.Platform, _host.TableFile, shared: false, _host.Clock.GetUtcNow(), default);
        _host.Platform.CreateFile(_host.LockFile, shared: false);
        _host.WithTable(table => table.WriteGroup([(Tcp, Old), (Udp, Old)]));
    }

    [Fact]
    public void WriteGroup_Done_IsWholeAndLeavesNothingToDo()
    {
        _host.WithTable(table => table.WriteGroup([(Tcp, New), (Udp, New)]));

        Assert.Equal((New, New), Read());
        Assert.Equal(0, _host.ReadTable(TableLayout.JournalHeaderOffset + JournalHeaderLength - 1, 1)[0]);
    }

    [Fact]
    public void Open_CommitCutAnywhere_LeavesTheOldStateOrTheNewWhole()
    {
        (byte[] header, byte[] entries) = Commit();
        for (int cut = 0; cut <= header.Length; cut++)
        {
            Reset();
            _host.Overwrite(TableLayout.JournalOffset, entries);
            _host.Overwrite(TableLayout.JournalHeaderOffset, header[..cut]);

            SlotRecord expected = cut == header.Length ? New : Old;
            Assert.Equal((expected, expected), Read());
        }
    }

    [Fact]
    public void Open_EntriesCutBeforeTheCommit_LeavesTheOldState()
    {
        (_, byte[] entries) = Commit();
        Reset();
        _host.Overwrite(TableLayout.JournalOffset, entries[..(entries.Length / 2)]);

        Assert.Equal((Old, Old), Read());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void Open_CommittedAndPartlyCarriedOut_FinishesIt(int tcpWrites, int udpWrites)
    {
        (byte[] header, byte[] entries) = Commit();
        Reset();
        _host.WithTable(table =>
        {
            for (int i = 0; i < tcpWrites; i++)
            {
                table.WriteSlot(Tcp, table.ReadSlot(Tcp), New);
            }

            for (int i = 0; i < udpWrites; i++)
            {
                table.WriteSlot(Udp, table.ReadSlot(Udp), New);
            }
        });
        _host.Overwrite(TableLayout.JournalOffset, entries);
        _host.Overwrite(TableLayout.JournalHeaderOffset, header);

        Assert.Equal((New, New), Read());
    }

    [Fact]
    public void Open_ReplayedAgain_ChangesNothing()
    {
        (byte[] header, byte[] entries) = Commit();
        _host.Overwrite(TableLayout.JournalOffset, entries);
        byte[] before = _host.ReadTable(TableLayout.SlotOffset(Tcp), SlotReader.SlotLength);

        for (int i = 0; i < 3; i++)
        {
            _host.Overwrite(TableLayout.JournalHeaderOffset, header);
            Assert.Equal((New, New), Read());
        }

        Assert.Equal(before, _host.ReadTable(TableLayout.SlotOffset(Tcp), SlotReader.SlotLength));
    }

    [Fact]
    public void Open_SlotWriteCutShortAfterTheCommit_IsDoneAgain()
    {
        (byte[] header, byte[] entries) = Commit();
        byte[] after = _host.ReadTable(TableLayout.SlotOffset(Tcp), SlotReader.SlotLength);
        Reset();
        byte[] torn = _host.ReadTable(TableLayout.SlotOffset(Tcp), SlotReader.SlotLength);
        int copy = SlotReader.Read(torn).OlderCopy * SlotCodec.CopyLength;
        after.AsSpan(copy, 100).CopyTo(torn.AsSpan(copy));
        _host.Overwrite(TableLayout.SlotOffset(Tcp), torn);
        _host.Overwrite(TableLayout.JournalOffset, entries);
        _host.Overwrite(TableLayout.JournalHeaderOffset, header);

        Assert.Equal((New, New), Read());
    }

    [Fact]
    public void Open_AnyBitOfAnIdleJournalFlipped_NeverRunsAnOldGroup()
    {
        Commit();
        _host.WithTable(table => table.WriteSlot(Tcp, table.ReadSlot(Tcp), Old));
        for (int bit = 0; bit < JournalHeaderLength * 8; bit++)
        {
            _host.FlipBit(TableLayout.JournalHeaderOffset + (bit / 8), bit % 8);
            try
            {
                _host.WithTable(table => Assert.Equal(Old, table.ReadSlot(Tcp).Record));
            }
            catch (TableDamageException)
            {
            }

            _host.FlipBit(TableLayout.JournalHeaderOffset + (bit / 8), bit % 8);
        }
    }

    [Fact]
    public void Open_CommittedEntryDamaged_IsDamage()
    {
        (byte[] header, byte[] entries) = Commit();
        Reset();
        entries[50] ^= 1;
        _host.Overwrite(TableLayout.JournalOffset, entries);
        _host.Overwrite(TableLayout.JournalHeaderOffset, header);

        Assert.Throws<TableDamageException>(() => Read());
    }

    [Fact]
    public void WriteGroup_AnotherSlotDamaged_FailsBeforeAnythingIsWritten()
    {
        _host.FlipBit(TableLayout.SlotOffset(Udp) + 20);

        Assert.Throws<TableDamageException>(() => _host.WithTable(table => table.WriteGroup([(Tcp, New), (Udp, New)])));

        _host.WithTable(table => Assert.Equal(Old, table.ReadSlot(Tcp).Record));
    }

    public void Dispose() => _host.Dispose();

    /// <summary>Does the group, and gives the journal as it stood from the commit on.</summary>
    private (byte[] Header, byte[] Entries) Commit()
    {
        const byte Committed = 0xC3;
        _host.WithTable(table => table.WriteGroup([(Tcp, New), (Udp, New)]));
        byte[] header = _host.ReadTable(TableLayout.JournalHeaderOffset, JournalHeaderLength);
        header[^1] = Committed;
        return (header, _host.ReadTable(TableLayout.JournalOffset, 2 * (sizeof(uint) + SlotCodec.CopyLength)));
    }

    private void Reset()
    {
        _host.Overwrite(TableLayout.JournalHeaderOffset, new byte[JournalHeaderLength]);
        _host.WithTable(table => table.WriteGroup([(Tcp, Old), (Udp, Old)]));
    }

    private (SlotRecord? Tcp, SlotRecord? Udp) Read()
    {
        (SlotRecord?, SlotRecord?) read = default;
        _host.WithTable(table => read = (table.ReadSlot(Tcp).Record, table.ReadSlot(Udp).Record));
        return read;
    }
}

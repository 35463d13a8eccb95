using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PortMgmt.Leases.Table;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Table;

public sealed class SlotTests
{
    private static readonly SlotRecord Old = Records.Leased(18080, "old");
    private static readonly SlotRecord New = Records.Leased(18080, "new") with { Deadline = 123456 };

    /// <summary>Numbers after which one, two and three digits change, so that every cut through a number comes up.</summary>
    public static TheoryData<int> Sequences => [0, 1, 2, 3, 8, 9, 10, 98, 99, 100, 998, 999];

    [Fact]
    public void Write_AnyRecord_IsReadBackAlikeAsOneLineOfText() => Prop.ForAll(
        Records.Any().ToArbitrary(),
        Gen.Choose(1, int.MaxValue).ToArbitrary(),
        (record, sequence) =>
        {
            byte[] copy = new byte[SlotCodec.CopyLength];
            SlotCodec.Write(copy, (ulong)sequence, record);

            Assert.Equal(CopyState.Sound, SlotCodec.Inspect(copy, out ulong read));
            Assert.Equal((ulong)sequence, read);
            Assert.Equal(record, SlotCodec.Read(copy));
            Assert.All(copy[..^1], letter => Assert.InRange(letter, (byte)' ', (byte)'~'));
            Assert.Equal((byte)'\n', copy[^1]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Write_OneRecord_IsTheLineThatTheFormatSays()
    {
        byte[] copy = new byte[SlotCodec.CopyLength];
        SlotCodec.Write(copy, 7, New with { Owner = new(4711, 99, 42, 41), Scope = "/home/jürgen/my shop" });

        string[] fields = Encoding.ASCII.GetString(copy).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["0000000007", "L", "t", "18080", "4711", "99", "42", "41", "1000", "1770000000000", "123456", "0123456789abcdef01234567", "new", "/home/j%C3%BCrgen/my%20shop"],
            fields[..14]);
        Assert.Equal("0000000007\n", fields[^1]);
    }

    [Fact]
    public void Checksum_KnownVector_IsCrc32C() =>
        Assert.Equal(0xE3069283, SlotCodec.Checksum32("123456789"u8));

    [Fact]
    public void Read_BlankSlot_IsNeverUsed() =>
        Assert.Equal(new Slot(null, 0, 0), SlotReader.Read(new byte[SlotReader.SlotLength]));

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Read_WriteCutAnywhere_IsTheOldStateOrTheNew(int writesBefore)
    {
        byte[] before = Slot(writesBefore);
        byte[] whole = Write(before, New);
        Slot old = SlotReader.Read(before);
        for (int cut = 0; cut <= SlotCodec.CopyLength; cut++)
        {
            byte[] torn = [.. before];
            int at = old.OlderCopy * SlotCodec.CopyLength;
            whole.AsSpan(at, cut).CopyTo(torn.AsSpan(at));

            Slot read = SlotReader.Read(torn);

            Assert.True(read == old || (read.Record == New && read.Sequence == old.Sequence + 1), $"cut after {cut} bytes: {read}");
            Assert.Equal(New, SlotReader.Read(Write(torn, New)).Record);
        }
    }

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Read_AnyBitOfTheNewerCopyFlipped_IsDetectedOrHarmless(int writesBefore)
    {
        byte[] whole = Write(Slot(writesBefore), New);
        int start = (1 - SlotReader.Read(whole).OlderCopy) * SlotCodec.CopyLength;
        for (int bit = 0; bit < SlotCodec.CopyLength * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[start + (bit / 8)] ^= (byte)(1 << (bit % 8));
            if (ReadIfSound(flipped) is { } read)
            {
                Assert.True(read.Record == New, $"bit {bit % 8} of byte {bit / 8} brought back another record: {read}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Read_AnyBitOfTheOlderCopyFlipped_NeverBringsItBack(int writesBefore)
    {
        byte[] whole = Write(Slot(writesBefore), New);
        int start = SlotReader.Read(whole).OlderCopy * SlotCodec.CopyLength;
        for (int bit = 0; bit < SlotCodec.CopyLength * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[start + (bit / 8)] ^= (byte)(1 << (bit % 8));
            if (ReadIfSound(flipped) is { } read)
            {
                Assert.Equal(New, read.Record);
            }
        }
    }

    [Fact]
    public void Read_TextOfSomebodyElse_IsDamage()
    {
        byte[] slot = new byte[SlotReader.SlotLength];
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("lorem ipsum ", 100)).AsSpan(0, slot.Length), slot);

        Assert.Throws<TableDamageException>(() => SlotReader.Read(slot));
    }

    private static byte[] Slot(int writes)
    {
        byte[] slot = new byte[SlotReader.SlotLength];
        for (int i = 0; i < writes; i++)
        {
            slot = Write(slot, Old);
        }

        return slot;
    }

    private static byte[] Write(byte[] slot, SlotRecord record)
    {
        byte[] next = [.. slot];
        Slot read = SlotReader.Read(slot);
        SlotCodec.Write(next.AsSpan(read.OlderCopy * SlotCodec.CopyLength), read.Sequence + 1, record);
        return next;
    }

    private static Slot? ReadIfSound(byte[] slot)
    {
        try
        {
            return SlotReader.Read(slot);
        }
        catch (TableDamageException)
        {
            return null;
        }
    }
}

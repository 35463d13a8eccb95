using System.Globalization;
using System.Text;
using PortMgmt.Leases.Table;
using Xunit;

namespace PortMgmt.Tests.Leases;

public sealed class TableHeaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Write_Header_IsOneLineThatCheckTakes()
    {
        byte[] header = New("boot1-7");

        TableHeader.Check(header);
        Assert.StartsWith("portmgmt-leases 1 boot1-7 ", Encoding.ASCII.GetString(header), StringComparison.Ordinal);
        Assert.Equal(TableLayout.HeaderLength - 1, Array.IndexOf(header, (byte)'\n'));
    }

    [Fact]
    public void Check_AnyBitOfWhatItSaysFlipped_IsDamageAndNotAnotherVersion()
    {
        byte[] header = New("boot1-7");
        for (int bit = 0; bit < 248 * 8; bit++)
        {
            byte[] flipped = [.. header];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<TableDamageException>(() => TableHeader.Check(flipped));
        }
    }

    [Fact]
    public void Check_NewerVersion_IsNotDamage() =>
        Assert.Throws<NotSupportedException>(() => TableHeader.Check(OfVersion(New("boot1-7"), 2)));

    [Theory]
    [InlineData("boot2-7", true)]
    [InlineData("boot1-8", false)]
    [InlineData("boot1-7", false)]
    public void IsOfEarlierBoot_TableOfThisHost_IsWhenTheBootDiffers(string instance, bool expected) =>
        Assert.Equal(expected, TableHeader.IsOfEarlierBoot(New("boot1-7"), instance));

    [Fact]
    public void IsOfEarlierBoot_DamagedHeader_IsNot()
    {
        byte[] header = New("boot1-7");
        header["portmgmt-leases 1 b".Length] ^= 1;

        Assert.False(TableHeader.IsOfEarlierBoot(header, "boot1-7"));
    }

    /// <summary>The same header, of another version of the format and with a checksum that is right.</summary>
    internal static byte[] OfVersion(byte[] header, int version)
    {
        const int ChecksumStart = 240;
        byte[] other = [.. header];
        other["portmgmt-leases ".Length] = (byte)('0' + version);
        string checksum = SlotCodec.Checksum32(other.AsSpan(0, ChecksumStart)).ToString("x8", CultureInfo.InvariantCulture);
        Encoding.ASCII.GetBytes(checksum, other.AsSpan(ChecksumStart));
        return other;
    }

    private static byte[] New(string instance)
    {
        byte[] header = new byte[TableLayout.HeaderLength];
        TableHeader.Write(header, instance, Now);
        return header;
    }
}

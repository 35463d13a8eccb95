using System.Globalization;
using System.Text;
using PortMgmt.Leases.Table;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Table;

public sealed class TableHeaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Write_Header_IsOneLineThatCheckTakes()
    {
        byte[] header = New("boot1-7");

        TableHeader.Check(header);
        Assert.StartsWith("portmgmt-leases 2 boot1-7 ", Encoding.ASCII.GetString(header), StringComparison.Ordinal);
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
        Assert.Throws<NotSupportedException>(() => TableHeader.Check(OfVersion(New("boot1-7"), 3)));

    [Fact]
    public void Check_VersionOne_IsToBeTakenOver() =>
        Assert.Throws<FirstVersionException>(() => TableHeader.Check(OfVersion(New("boot1-7"), 1)));

    [Theory]
    [InlineData("boot1-7", "boot1", "7")]
    [InlineData("boot1", "boot1", "")]
    [InlineData("noboot-4026531833", "noboot", "4026531833")]
    public void TryRead_Header_IsItsOrigin(string instance, string boot, string network) =>
        Assert.Equal(new TableOrigin(2, boot, network, TableHeader.HostName), TableHeader.TryRead(New(instance)));

    [Fact]
    public void TryRead_DamagedHeader_IsNone()
    {
        byte[] header = New("boot1-7");
        header["portmgmt-leases 2 b".Length] ^= 1;

        Assert.Null(TableHeader.TryRead(header));
        Assert.Null(TableHeader.TryRead("portmgmt-leases 2 "u8));
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

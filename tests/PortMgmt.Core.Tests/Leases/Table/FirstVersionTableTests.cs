using System.Globalization;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Table;

/// <summary>Tables of version 1 as these tests write them are those that its programs wrote.</summary>
public sealed class FirstVersionTableTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Write_LeasesOfTheCapturedTable_AreItsBytes()
    {
        string path = _directory["captured"];
        SlotRecord quarantined = Record(25000, "", 12841829, "00ca4199a50a67aa5bc0d1a9", 1795787349263);
        SlotRecord[] group =
        [
            Record(17938, "many", 15841731, "a4a74706891f1a7749cdcd8c", 1795787349165),
            Record(17939, "many", 15841731, "f68d4db197980fcc436079ea", 1795787349165),
            Record(17940, "many", 15841731, "fc5a429980ff921852a842fd", 1795787349165),
        ];
        using (var table = new FirstVersionTable(path, "b102b2ba0b9f4f16a84e05dc7d5f6b53-4026531833", sweepCursor: 4096))
        {
            table.Journal(committed: false, group)
                .Add(Record(11521, "web", 0, "cdf74870962847e75224d8fd", 1795787348960) with { Owner = new ProcessStamp(2988, 1140635, 4026531836) })
                .Add(Record(17879, "api", 19441625, "83a649ed85ccc636f619219d", 1795787349059) with { Protocol = PortProtocol.Both })
                .Add(group[0]).Add(group[1]).Add(group[2])
                .Add(quarantined)
                .Add(quarantined with { Kind = SlotKind.Quarantined, Deadline = 12301921 }, sequence: 2);
        }

        byte[] written = File.ReadAllBytes(path);
        Assert.Equal(FirstVersionTable.FileLength, written.Length);
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "corpus", "leases", "version1.txt")))
        {
            string[] part = line.Split(' ');
            int offset = int.Parse(part[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            byte[] expected = Convert.FromBase64String(part[1]);
            Assert.True(expected.AsSpan().SequenceEqual(written.AsSpan(offset, expected.Length)), $"other bytes at {part[0]}");
            written.AsSpan(offset, expected.Length).Clear();
        }

        Assert.Equal(-1, written.AsSpan().IndexOfAnyExcept((byte)0));
    }

    private static SlotRecord Record(int port, string name, long deadline, string fence, long created) => new()
    {
        Kind = SlotKind.Leased,
        Port = port,
        Protocol = PortProtocol.Tcp,
        UserId = "0",
        CreatedAt = created,
        Deadline = deadline,
        Fence = fence,
        Name = name,
    };
}

using System.Text;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Table;

/// <summary>A damaged table fails one call with a clear error, is kept under another name, and loses no lease that can be read.</summary>
public sealed class TableDamageTests : IDisposable
{
    private const int Damaged = 18080;
    private const int Sound = 18090;

    private readonly RegistryFixture _host = new();

    public TableDamageTests()
    {
        _host.Lease("damaged", Damaged);
        _host.Lease("sound", Sound);
    }

    [Fact]
    public void Acquire_SlotBitFlipped_CarriesTheOthersOver()
    {
        _host.FlipBit(TableLayout.SlotOffset(Damaged) + 40);

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Lease("new", Damaged));

        Assert.Contains("TCP port 18080", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(AsidePath(), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("1 leases", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("sound", Assert.Single(_host.Registry.GetLeases()).Name);
        Assert.Equal(PortRefusal.Leased, RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("new", Sound)).Refusal);
    }

    [Fact]
    public void Acquire_AfterASlotWasDamaged_DoesNotHandOutItsPortUnasked()
    {
        _host.FlipBit(TableLayout.SlotOffset(Damaged) + 40);
        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.Sweep());

        PortLease lease = _host.Registry.Acquire(new PortLeaseRequest { Range = new PortRange(Damaged, Damaged + 1) });

        Assert.Equal(Damaged + 1, lease.Port);
    }

    [Fact]
    public void Sweep_Damaged_KeepsTheBytesAside()
    {
        _host.FlipBit(TableLayout.SlotOffset(Damaged) + 40);
        byte[] before = _host.ReadTable(TableLayout.SlotOffset(Damaged), SlotReader.SlotLength);

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.Sweep());

        using SafeFileHandle aside = File.OpenHandle(AsidePath());
        byte[] kept = new byte[SlotReader.SlotLength];
        RandomAccess.Read(aside, kept, TableLayout.SlotOffset(Damaged));
        Assert.Equal(before, kept);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(600)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    public void GetLeases_TableTruncatedBeforeTheSlots_IsSetAsideAndTheNextCallWorks(long length)
    {
        Truncate(length);

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetLeases());

        Assert.Empty(_host.Registry.GetLeases());
        Assert.Equal(length, new FileInfo(AsidePath()).Length);
        Assert.Equal(Damaged, _host.Lease("new", Damaged).Port);
    }

    [Fact]
    public void GetLeases_TableTruncatedBehindALease_CarriesItOver()
    {
        PortLease both = _host.Lease("both", 20000, PortProtocol.Both);
        Truncate(TableLayout.SlotOffset(TableLayout.PortCount));

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetLeases());

        Assert.Equal(["damaged", "sound", "both"], _host.Registry.GetLeases().Select(lease => lease.Name));
        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("udp", 20000, PortProtocol.Udp));
        _host.Registry.Remove(both);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GetLeases_HalfOfALeaseOfBothProtocolsDamaged_TakesTheOtherHalfsWord(bool udp)
    {
        _host.Lease("both", 20000, PortProtocol.Both);
        _host.FlipBit(TableLayout.SlotOffset(TableLayout.Index(20000, udp)) + 40);
        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.Sweep());

        Assert.Equal(3, _host.Registry.GetLeases().Count);
        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("tcp", 20000));
        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("udp", 20000, PortProtocol.Udp));
    }

    [Fact]
    public void GetLeases_Garbage_IsSetAsideAndTheNextCallWorks()
    {
        File.WriteAllBytes(_host.TableFile, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("garbage", 1000))));

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetLeases());

        Assert.Contains("first line", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_host.Registry.GetLeases());
    }

    [Fact]
    public void GetLeases_HeaderBitFlipped_CarriesEveryLeaseOver()
    {
        _host.FlipBit(30);

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetLeases());

        Assert.Equal(["damaged", "sound"], _host.Registry.GetLeases().Select(lease => lease.Name));
    }

    [Fact]
    public void GetLeases_NewerVersion_IsLeftAlone()
    {
        byte[] header = TableHeaderTests.OfVersion(_host.ReadTable(0, TableLayout.HeaderLength), 3);
        _host.Overwrite(0, header);
        Truncate(TableLayout.FileLength + 4096);

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.RegistryUnavailable, () => _host.Registry.GetLeases());

        Assert.Contains("another version", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(header, _host.ReadTable(0, TableLayout.HeaderLength));
        Assert.Equal(TableLayout.FileLength + 4096, new FileInfo(_host.TableFile).Length);
        Assert.Equal(2, Directory.GetFiles(_host.Directory).Length);
    }

    [Fact]
    public void Acquire_DamageUnderTheClockHand_LeavesNoLeaseOfTheFailedCall()
    {
        _host.FlipBit(TableLayout.SlotOffset(Damaged) + 40);
        _host.WithTable(table => table.MoveSweepCursor(Damaged, default));

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Lease("new", 25000));

        Assert.Equal("sound", Assert.Single(_host.Registry.GetLeases()).Name);
        Assert.Equal(25000, _host.Lease("new", 25000).Port);
    }

    public void Dispose() => _host.Dispose();

    private string AsidePath() => Assert.Single(Directory.GetFiles(_host.Directory, "*.damaged-*"));

    private void Truncate(long length)
    {
        using SafeFileHandle file = File.OpenHandle(_host.TableFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, length);
    }
}

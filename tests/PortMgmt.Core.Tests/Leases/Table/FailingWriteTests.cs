using System.Buffers.Binary;
using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;
using PortMgmt.TestProcess;
using Xunit;

namespace PortMgmt.Tests.Leases;

/// <summary>Each write of a call fails in turn: nothing is left half done, and the next call works.</summary>
public sealed class FailingWriteTests : IDisposable
{
    private const int MoreThanAnyCallHas = 60;

    private readonly RegistryFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Acquire_FirstWriteOfANewTableFails_LeavesNoTable()
    {
        RegistryFixture.Refused(PortRegistryErrorCode.RegistryUnavailable, () => Failing(Fault.BadDisk, 1).Acquire("web"));

        Assert.Equal([Path.Combine(_host.Directory, "leases.lock")], Directory.GetFiles(_host.Directory));
    }

    [Theory]
    [InlineData("BadDisk", PortRegistryErrorCode.RegistryUnavailable)]
    [InlineData("FullDisk", PortRegistryErrorCode.RegistryDiskFull)]
    public void AcquireMany_AnyWriteFails_LeasesAllOrNoneAndTheNextCallWorks(string fault, PortRegistryErrorCode expected)
    {
        var request = new PortLeaseRequest { Name = "group", Count = 3, Protocol = PortProtocol.Both };
        PortRegistry sound = Failing(Fault.None, 1);
        PortLease earlier = sound.Acquire("earlier");
        int failed = 0;
        for (int write = 1; write <= MoreThanAnyCallHas; write++)
        {
            try
            {
                foreach (PortLease lease in Failing(Enum.Parse<Fault>(fault), write).AcquireMany(request))
                {
                    sound.Remove(lease);
                }
            }
            catch (PortRegistryException refusal)
            {
                Assert.Equal(expected, refusal.Code);
                failed++;
            }

            IReadOnlyList<PortLease> left = sound.GetLeases(new PortLeaseFilter { Name = "group" });
            Assert.True(left.Count == 0 || (left.Count == 3 && fault != "FullDisk"), $"{left.Count} leases are left of write {write}");
            Assert.Equal(earlier.Port, Assert.Single(sound.GetLeases(new PortLeaseFilter { Name = "earlier" })).Port);
            foreach (PortLease lease in left)
            {
                sound.Remove(lease);
            }
        }

        Assert.InRange(failed, 8, MoreThanAnyCallHas - 10);
        Assert.Empty(Directory.GetFiles(_host.Directory, "*damaged*"));
    }

    [Fact]
    public void Open_CommittedGroupWithMoreRecordsThanThereIsRoom_IsDamage()
    {
        _host.Lease("sound");
        byte[] header = new byte[9];
        BinaryPrimitives.WriteInt32LittleEndian(header, TableLayout.JournalCapacity + 1);
        header[8] = 0xC3;
        _host.Overwrite(TableLayout.JournalHeaderOffset, header);

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetLeases());

        Assert.Equal("sound", Assert.Single(_host.Registry.GetLeases()).Name);
    }

    private PortRegistry Failing(Fault fault, int write) => PortRegistry.Open(
        new FaultyPlatform(new FaultInjector(fault, write, TextWriter.Null)),
        new PortRegistryOptions { Directory = _host.Directory, LockTimeout = TimeSpan.FromSeconds(60) });
}

using PortMgmt.Core.Tests.Leases.Table;
using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>A table of version 1 under the name of this boot's: an update while leases live, and both versions side by side.</summary>
public sealed class UpgradeTests : IDisposable
{
    private const int Web = 18080, Both = 18090, Ended = 18100, Resting = 18110, Elsewhere = 18120, ByTime = 18130;

    private readonly RegistryFixture _host = new();

    // In the fixture's clock, just over an hour after its boot.
    private const long Now = 3_600_456;

    public UpgradeTests() => _host.Platform.CreateFile(_host.LockFile, shared: false);

    [Fact]
    public void GetLeases_TableOfVersionOne_HasWhatLives()
    {
        WriteFirstVersion();

        Assert.Equal(
            ["18080 web", "18090 both", "18120 elsewhere", "18130 timed"],
            _host.Registry.GetLeases().Select(static lease => $"{lease.Port} {lease.Name}"));
        Assert.Equal(PortLeaseState.Quarantined, Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { State = PortLeaseState.Quarantined })).State);
    }

    [Theory]
    [InlineData(Web)]
    [InlineData(Both)]
    [InlineData(Elsewhere)]
    [InlineData(ByTime)]
    public void Acquire_PortThatALeaseOfVersionOneHas_IsRefused(int port)
    {
        WriteFirstVersion();

        Assert.Equal(PortRefusal.Leased, RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("other", port)).Refusal);
    }

    [Fact]
    public void Acquire_PortWhoseLeaseOfVersionOneEnded_IsHad()
    {
        WriteFirstVersion();

        Assert.Equal(Ended, _host.Lease("other", Ended).Port);
    }

    [Fact]
    public void Renew_TokenOfVersionOne_IsThatLease()
    {
        WriteFirstVersion();
        PortLease lease = _host.Registry.GetLease($"{Web}t-0123456789abcdef01234567");

        Assert.NotNull(_host.Registry.Renew(lease, TimeSpan.FromHours(1)).ExpiresAt);
        _host.Registry.Remove(lease);
        Assert.DoesNotContain(_host.Registry.GetLeases(), static left => left.Port == Web);
    }

    [Fact]
    public void Acquire_ReuseOfALeaseOfVersionOne_GivesIt()
    {
        WriteFirstVersion();

        Assert.Equal(Web, _host.Registry.Acquire(new PortLeaseRequest { Name = "web", Reuse = true, Owner = PortLeaseOwner.Process(RegistryFixture.Owner) }).Port);
    }

    [Fact]
    public void Acquire_TableOfVersionOneWithACommittedGroup_FinishesIt()
    {
        using (var table = new FirstVersionTable(_host.TableFile, _host.Platform.InstanceId))
        {
            table.Journal(committed: true, Lease(Web, "web"), Lease(Web + 1, "web"));
        }

        Assert.Equal([Web, Web + 1], _host.Registry.GetLeases().Select(static lease => lease.Port));
    }

    [Fact]
    public void Acquire_TableOfVersionOneDamaged_IsSetAsideAndCarriesTheRestOver()
    {
        using (var table = new FirstVersionTable(_host.TableFile, _host.Platform.InstanceId))
        {
            table.Add(Lease(Web, "web")).Add(Lease(Both, "damaged")).Damage(Both);
        }

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetLeases());

        Assert.Equal(Web, Assert.Single(_host.Registry.GetLeases()).Port);
        Assert.Equal(FirstVersionTable.FileLength, new FileInfo(Assert.Single(Directory.GetFiles(_host.Directory, "*.damaged-*"))).Length);
    }

    [Fact]
    public void Acquire_TableOfVersionOneCutShort_IsDamage()
    {
        WriteFirstVersion();
        using (FileStream file = File.OpenWrite(_host.TableFile))
        {
            file.SetLength(FirstVersionTable.FileLength / 2);
        }

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetLeases());

        Assert.Equal(4, _host.Registry.GetLeases(new PortLeaseFilter { State = PortLeaseState.Active }).Count);
    }

    [Fact]
    public void Acquire_TableOfVersionOneOfAnotherUser_IsRefusedWithTheList()
    {
        _host.Platform.Machine = _host.Directory;
        _host.Platform.Removable = static path => !path.EndsWith(".table", StringComparison.Ordinal);
        WriteFirstVersion();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_host.TableFile, (UnixFileMode)0b110_110_110);
        }

        byte[] before = _host.ReadTable(0, TableLayout.HeaderLength);

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.RegistryUnavailable, () => _host.Open().Acquire("api"));

        Assert.Contains("TCP port 18080 'web' of process 4711, TCP and UDP port 18090 'both' of process 4711,", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("18100", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, _host.ReadTable(0, TableLayout.HeaderLength));
        _host.Platform.Removable = static _ => true;
        Assert.Equal(4, _host.Open().GetLeases().Count);
    }

    /// <summary>A program of version 1 takes a table for its own by these three: the product, the checksum, and the version that it refuses by name.</summary>
    [Fact]
    public void Acquire_TableOfVersionOne_LeavesAHeaderThatVersionOneRefusesByItsVersion()
    {
        WriteFirstVersion();
        byte[] first = _host.ReadTable(0, TableLayout.HeaderLength);
        _host.Registry.GetLeases();
        byte[] header = _host.ReadTable(0, TableLayout.HeaderLength);

        Assert.Equal(first[..16], header[..16]);
        Assert.Equal("2 "u8, header.AsSpan(16, 2));
        Assert.Equal(SlotCodec.Checksum32(header.AsSpan(0, 240)).ToString("x8"), System.Text.Encoding.ASCII.GetString(header, 240, 8));
        Assert.InRange(new FileInfo(_host.TableFile).Length, 1024 + 64, long.MaxValue);
    }

    public void Dispose() => _host.Dispose();

    private void WriteFirstVersion()
    {
        using var table = new FirstVersionTable(_host.TableFile, _host.Platform.InstanceId);
        table.Add(Lease(Web, "web"))
            .Add(Lease(Both, "both") with { Protocol = PortProtocol.Both, Fence = "1123456789abcdef01234567" })
            .Add(Lease(Ended, "ended") with { Owner = new ProcessStamp(4712, 555, 42) })
            .Add(Lease(Resting, "resting"))
            .Add(Lease(Resting, "resting") with { Kind = SlotKind.Quarantined, Deadline = Now + 30_000 }, sequence: 2)
            .Add(Lease(Elsewhere, "elsewhere") with { Owner = new ProcessStamp(1, 5, 99), Deadline = Now + 86_400_000, Fence = "2123456789abcdef01234567" })
            .Add(Lease(ByTime, "timed") with { Owner = default, Deadline = Now + 60_000, Fence = "3123456789abcdef01234567" })
            .Add(Lease(18140, "over") with { Owner = default, Deadline = Now - 60_000 });
    }

    private static SlotRecord Lease(int port, string name) => new()
    {
        Kind = SlotKind.Leased,
        Port = port,
        Protocol = PortProtocol.Tcp,
        Owner = new ProcessStamp(RegistryFixture.Owner, 555, 42),
        UserId = HostPlatform.Current.UserId,
        CreatedAt = 1_772_366_400_000,
        Fence = "0123456789abcdef01234567",
        Name = name,
    };
}

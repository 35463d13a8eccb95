using PortMgmt.Core.Tests.Leases.Table;
using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>Which table is this boot's, and which may be removed: for those who are told the boot and those who are not.</summary>
public sealed class BootTests : IDisposable
{
    private const int Web = 18080;

    private readonly RegistryFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Acquire_AfterAReboot_StartsEmptyAndRemovesTheEarlierTable()
    {
        _host.Lease("web", Web);
        string earlier = _host.TableFile;
        _host.Platform.Boot = "boot2";

        Assert.Empty(_host.Registry.GetLeases());
        Assert.True(File.Exists(earlier));
        Assert.Equal(Web, _host.Lease("api", Web).Port);
        Assert.False(File.Exists(earlier));
    }

    [Fact]
    public void Acquire_AnotherNetworkNamespaceOfThisBoot_LeavesItsTableAlone()
    {
        _host.Lease("web", Web);
        string other = _host.TableFile;
        _host.Platform.NetworkNamespace = "8";

        Assert.Equal(Web, _host.Lease("api", Web).Port);
        Assert.True(File.Exists(other));
    }

    /// <summary>A home in the network is several machines', each with boots of its own.</summary>
    [Fact]
    public void Acquire_DirectoryThatOtherMachinesShare_LeavesTablesOfOtherBootsAlone()
    {
        _host.Platform.IsLocal = false;
        _host.Lease("web", Web);
        string other = _host.TableFile;
        _host.Platform.Boot = "boot2";

        Assert.Equal(Web, _host.Lease("api", Web).Port);
        Assert.True(File.Exists(other));
    }

    /// <summary>This machine may be the one whose disk others have in the network.</summary>
    [Theory]
    [InlineData("boot0-7")]
    [InlineData("noboot-7")]
    public void Acquire_TableOfAnotherHost_IsLeftAlone(string instance)
    {
        string path = Path.Combine(_host.Directory, $"leases-{instance}.table");
        using (var table = new FirstVersionTable(path, instance, host: "elsewhere"))
        {
            table.Add(Records.Leased(Web) with { Owner = new ProcessStamp(4799, 555, 42) });
        }

        Assert.Equal(Web, _host.Lease("api", Web).Port);
        Assert.True(File.Exists(path));
        _host.Platform.Boot = "boot2";
        _host.Lease("api", Web);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Acquire_SomethingElseUnderATablesName_IsInNobodysWay()
    {
        Needs.Links();
        File.CreateSymbolicLink(Path.Combine(_host.Directory, "leases-boot0-1.table"), "/etc/hostname");
        File.WriteAllText(Path.Combine(_host.Directory, "leases-boot0-2.table"), "a few words that somebody left here");
        Directory.CreateDirectory(Path.Combine(_host.Directory, "leases-boot0-3.table"));

        _host.Lease("api");

        Assert.Equal(3, Directory.GetFileSystemEntries(_host.Directory, "leases-boot0-*.table").Length);
    }

    /// <summary>A hardened unit, or a container that has an id of its own mounted over the machine's.</summary>
    [Fact]
    public void Acquire_NotToldTheBoot_WorksOnTheTableOfThoseWhoAre()
    {
        _host.Lease("web", Web);
        _host.Platform.Boot = null;

        Assert.Equal(Web, Assert.Single(_host.Registry.GetLeases()).Port);
        AssertLeased(Web);
        Assert.Equal(18090, _host.Lease("api", 18090).Port);
        _host.Platform.Boot = "boot1";
        Assert.Equal([Web, 18090], _host.Registry.GetLeases().Select(static lease => lease.Port));
        Assert.Single(Directory.GetFiles(_host.Directory, "*.table"));
    }

    [Fact]
    public void Acquire_NotToldTheBootAndFirst_MakesATableThatThoseWhoAreTakeOver()
    {
        _host.Platform.Boot = null;
        _host.Lease("web", Web);
        PortLease timed = _host.Lease("timed", 18090, time: TimeSpan.FromHours(1));
        Assert.EndsWith("leases-noboot-7.table", _host.Registry.GetStatus().TableFile, StringComparison.Ordinal);
        _host.Platform.Boot = "boot1";

        AssertLeased(Web);
        Assert.Equal([Web, 18090], _host.Registry.GetLeases().Select(static lease => lease.Port));
        Assert.Equal(_host.TableFile, Assert.Single(Directory.GetFiles(_host.Directory, "*.table")));
        _host.Platform.Boot = null;
        AssertLeased(Web);
        _host.Registry.Remove(timed);
    }

    /// <summary>The date was set since the last allocation, but an owner lives: that is proof enough.</summary>
    [Fact]
    public void Acquire_NotToldTheBootAfterTheDateWasSet_GoesByAnOwnerThatLives()
    {
        _host.Lease("web", Web);
        _host.Platform.Boot = null;
        _host.Platform.BootedAt += 86_400_000;

        AssertLeased(Web);
    }

    [Fact]
    public void Acquire_NotToldTheBootAndNothingProvesATable_FailsAndSaysWhy()
    {
        _host.Registry.Acquire(new PortLeaseRequest { Port = Web, Owner = PortLeaseOwner.None, TimeToLive = TimeSpan.FromHours(2) });
        string table = _host.TableFile;
        _host.Platform.Boot = null;
        _host.Platform.BootedAt += 86_400_000;

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.RegistryUnavailable, () => _host.Lease("api", 18090));

        Assert.Contains(table, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ProcSubset", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(table, Assert.Single(Directory.GetFiles(_host.Directory, "*.table")));
        _host.Platform.Boot = "boot1";
        AssertLeased(Web);
    }

    /// <summary>After a start of the machine, the clock of the last table is one that this boot has not reached.</summary>
    [Theory]
    [InlineData("boot1")]
    [InlineData(null)]
    public void Acquire_NotToldTheBootAfterAReboot_StartsEmpty(string? before)
    {
        _host.Platform.Boot = before;
        _host.Registry.Acquire(new PortLeaseRequest { Port = Web, Owner = PortLeaseOwner.None, TimeToLive = TimeSpan.FromDays(30) });
        _host.Platform.Boot = null;
        _host.Platform.BootedAt += 86_400_000;
        _host.Clock.Advance(TimeSpan.FromMinutes(-30));

        Assert.Equal(Web, _host.Lease("api", Web).Port);
        Assert.Single(Directory.GetFiles(_host.Directory, "*.table"));
    }

    /// <summary>Version 1 believed the id that it was shown, and made a table of its own beside the one of all others.</summary>
    [Theory]
    [InlineData("boot9-7")]
    [InlineData("noboot-7")]
    public void Acquire_TableOfVersionOneUnderAnotherBootsName_IsTakenOverAsFarAsItLives(string instance)
    {
        string path = Path.Combine(_host.Directory, $"leases-{instance}.table");
        using (var table = new FirstVersionTable(path, instance, TableHeader.HostName))
        {
            table.Add(Records.Leased(Web) with { Owner = new ProcessStamp(RegistryFixture.Owner, 555, 42) })
                .Add(Records.Leased(18090, "old") with { Owner = default, CreatedAt = _host.Platform.BootedAt - 60_000, Deadline = 86_400_000 });
        }

        Assert.Equal(18090, _host.Lease("api", 18090).Port);

        AssertLeased(Web);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Acquire_TableOfVersionOneOfAnotherNetworkNamespace_IsLeftAloneWhileItMayLive()
    {
        string path = Path.Combine(_host.Directory, "leases-boot9-8.table");
        using (var table = new FirstVersionTable(path, "boot9-8", TableHeader.HostName))
        {
            table.Add(Records.Leased(Web) with { Owner = new ProcessStamp(1, 5, 99), Deadline = 86_400_000 });
        }

        Assert.Equal(Web, _host.Lease("api", Web).Port);
        Assert.True(File.Exists(path));
        _host.Clock.Advance(TimeSpan.FromDays(2));
        File.Delete(_host.TableFile);
        _host.Lease("api");
        Assert.False(File.Exists(path));
    }

    /// <summary>One second of a time namespace is another second of the machine: what is kept is the machine's.</summary>
    [Theory]
    [InlineData(100_000_000)]
    [InlineData(-3_000_000)]
    public void Acquire_InATimeNamespace_KeepsTheMachinesTime(long offset)
    {
        PortLease lease = _host.Registry.Acquire(new PortLeaseRequest { Port = Web, Owner = PortLeaseOwner.None, TimeToLive = TimeSpan.FromMinutes(10) });
        _host.Platform.Offset = offset;
        _host.Clock.Advance(TimeSpan.FromMilliseconds(offset));

        PortLease seen = Assert.Single(_host.Registry.GetLeases());
        Assert.Equal(PortLeaseState.Active, seen.State);
        _host.Lease("api", 18090, time: TimeSpan.FromMinutes(5));
        _host.Platform.Offset = 0;
        _host.Clock.Advance(TimeSpan.FromMilliseconds(-offset));
        Assert.Equal(2, _host.Registry.GetLeases(new PortLeaseFilter { State = PortLeaseState.Active }).Count);
        _host.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(Web, Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { State = PortLeaseState.Active })).Port);
        Assert.NotNull(lease.ExpiresAt);
    }

    private void AssertLeased(int port) => Assert.Equal(
        PortRefusal.Leased,
        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("other", port)).Refusal);
}

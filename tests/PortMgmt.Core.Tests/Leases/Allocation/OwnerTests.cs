using PortMgmt.Leases;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Allocation;

public sealed class OwnerTests : IDisposable
{
    private const int Port = 18080;

    private readonly RegistryFixture _host = new();

    [Fact]
    public void Acquire_OwnerDead_TakesThePortBack()
    {
        _host.Lease("web", Port);
        _host.Platform.End(RegistryFixture.Owner);
        _host.Platform.Start(4712, 777);

        Assert.Equal(4712, _host.Lease("api", Port, owner: 4712).OwnerProcessId);
    }

    [Fact]
    public void Acquire_OwnersIdReused_TakesThePortBack()
    {
        _host.Lease("web", Port);
        _host.Platform.Start(RegistryFixture.Owner, 556);

        Assert.Contains("belongs to another process", Assert.Single(_host.Registry.Sweep(whatIf: true)).Reason, StringComparison.Ordinal);
        Assert.Equal("api", _host.Lease("api", Port).Name);
    }

    [Theory]
    [InlineData("@acme/web")]
    [InlineData("web@2.0")]
    public void Acquire_NameAsOfANpmPackage_IsAName(string name)
    {
        Assert.Equal(name, _host.Lease(name).Name);
        Assert.Equal(name, Assert.Single(_host.Open().GetLeases(new PortLeaseFilter { Name = name })).Name);
    }

    [Fact]
    public void Acquire_OwnerIsAThread_IsRefused()
    {
        _host.Platform.Start(4712, 777);
        _host.Platform.Threads.Add(4712);

        Assert.Contains("4712 is the id of a thread", RegistryFixture.Refused(PortRegistryErrorCode.OwnerNotFound, () => _host.Lease("web", owner: 4712)).Message, StringComparison.Ordinal);
        PortLease lease = _host.Lease("web");
        RegistryFixture.Refused(PortRegistryErrorCode.OwnerNotFound, () => _host.Registry.Renew(lease, owner: PortLeaseOwner.Process(4712)));
    }

    [Fact]
    public void Acquire_OwnerIsTheFirstProcess_IsRefusedUnlessItIsThatOfAContainer()
    {
        _host.Platform.Start(1, 1);

        Assert.Contains("never ends", RegistryFixture.Refused(PortRegistryErrorCode.OwnerNotFound, () => _host.Lease("web", owner: 1)).Message, StringComparison.Ordinal);
        _host.Platform.PidNamespace = 99;
        Assert.Equal(1, _host.Lease("web", owner: 1, time: TimeSpan.FromMinutes(5)).OwnerProcessId);
    }

    [Fact]
    public void Acquire_OwnerHiddenSinceThen_DoesNotTakeItFromIt()
    {
        _host.Lease("web", Port);
        _host.Platform.Hidden.Add(RegistryFixture.Owner);

        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("api", Port));
    }

    [Fact]
    public void Acquire_OwnerHiddenFromTheStart_HoldsUntilItsIdIsGone()
    {
        _host.Platform.Hidden.Add(RegistryFixture.Owner);
        PortLease lease = _host.Lease("web", Port);
        Assert.Null(lease.OwnerStartTime);
        _host.Platform.Hidden.Clear();
        Assert.Equal(PortLeaseState.Active, Assert.Single(_host.Registry.GetLeases()).State);

        _host.Platform.End(RegistryFixture.Owner);

        Assert.Equal(PortLeaseState.Stale, Assert.Single(_host.Registry.GetLeases()).State);
    }

    [Fact]
    public void Acquire_OwnerInAnotherPidNamespace_IsJudgedByTimeAlone()
    {
        _host.Platform.PidNamespace = 99;
        _host.Lease("web", Port, time: TimeSpan.FromMinutes(5));
        _host.Platform.PidNamespace = 42;
        _host.Platform.End(RegistryFixture.Owner);
        _host.Platform.Start(4712, 1);
        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("api", Port, owner: 4712));

        _host.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("api", _host.Lease("api", Port, owner: 4712).Name);
    }

    [Fact]
    public void Acquire_InAPidNamespaceOfItsOwn_LivesFor24Hours()
    {
        _host.Platform.PidNamespace = 99;

        Assert.Equal(_host.Clock.GetUtcNow().AddHours(24), _host.Lease().ExpiresAt);
        Assert.Equal(_host.Clock.GetUtcNow().AddHours(1), _host.Lease(time: TimeSpan.FromHours(1)).ExpiresAt);
    }

    [Fact]
    public void Acquire_OnTheHostItself_LivesAsLongAsItsOwner()
    {
        _host.Lease("web", Port);
        _host.Clock.Advance(TimeSpan.FromDays(1000));

        PortLease lease = Assert.Single(_host.Registry.GetLeases());
        Assert.Equal(PortLeaseState.Active, lease.State);
        Assert.Null(lease.ExpiresAt);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(555), lease.OwnerStartTime);
    }

    [Fact]
    public void Acquire_NobodySaid_IsOwnedByThisProcess() =>
        Assert.Equal(Environment.ProcessId, _host.Registry.Acquire("web").OwnerProcessId);

    [Fact]
    public void Acquire_OwnerThatDoesNotExist_IsRefusedBeforeAnythingIsMade()
    {
        Assert.Contains("4799", RegistryFixture.Refused(PortRegistryErrorCode.OwnerNotFound, () => _host.Lease(owner: 4799)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_host.Directory));
    }

    [Fact]
    public void Acquire_ManyOwnersOneDead_TakesOnlyItsLeasesBack()
    {
        _host.Platform.Start(4712, 777);
        for (int i = 0; i < 10; i++)
        {
            _host.Lease("web", Port + i, owner: i % 2 == 0 ? RegistryFixture.Owner : 4712);
        }

        _host.Platform.End(4712);

        IReadOnlyList<StalePort> taken = _host.Registry.Sweep();

        Assert.Equal([18081, 18083, 18085, 18087, 18089], taken.Select(stale => stale.Port));
        Assert.All(_host.Registry.GetLeases(), lease => Assert.Equal(RegistryFixture.Owner, lease.OwnerProcessId));
    }

    [Fact]
    public void Acquire_OneOfManyDead_IsTakenBackByTheClockHandInTime()
    {
        _host.Platform.Start(4712, 777);
        for (int i = 0; i < 40; i++)
        {
            _host.Lease("dead", 20000 + i, PortProtocol.Udp, owner: 4712);
        }

        _host.Platform.End(4712);

        // Eight used slots an allocation, and what has none is passed over a thousand at a time.
        for (int i = 0; i < 200; i++)
        {
            _host.Clock.Advance(TimeSpan.FromMilliseconds(1));
            _host.Lease("live", 10000 + (i % 2)).Dispose();
        }

        Assert.Empty(_host.Registry.GetLeases(new PortLeaseFilter { State = PortLeaseState.Stale }));
    }

    [Fact]
    public void Acquire_SeveralInOneMillisecond_MoveTheSweepOnce()
    {
        _host.Lease("first", 20000);

        int[] waits = [0, 1, 0, 0, 2];
        Assert.Equal([false, true, false, false, true], waits.Select(milliseconds =>
        {
            _host.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            int before = SweepCursor();
            _host.Lease("live", 20001).Dispose();
            return SweepCursor() != before;
        }));

        int SweepCursor()
        {
            int cursor = 0;
            _host.WithTable(table => cursor = table.SweepCursor);
            return cursor;
        }
    }

    [Fact]
    public void Sweep_StaleLeasesFarApart_AreAllTakenBack()
    {
        _host.Platform.Start(4712, 777);
        _host.Lease("first", 1, owner: 4712);
        _host.Lease("last", 65535, owner: 4712);
        _host.Lease("first", 1, PortProtocol.Udp, owner: 4712);
        _host.Lease("middle", 30000, PortProtocol.Udp, owner: 4712);
        _host.Lease("last", 65535, PortProtocol.Udp, owner: 4712);
        _host.Lease("live", 40000);
        _host.Platform.End(4712);

        Assert.Equal([1, 65535, 1, 30000, 65535], _host.Registry.Sweep().Select(static stale => stale.Port));
        Assert.Equal("live", Assert.Single(_host.Registry.GetLeases()).Name);
    }

    public void Dispose() => _host.Dispose();
}

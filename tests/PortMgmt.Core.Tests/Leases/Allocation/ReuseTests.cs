using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Allocation;

public sealed class ReuseTests : IDisposable
{
    private static readonly PortLeaseRequest Web = new() { Name = "web", Reuse = true, Owner = PortLeaseOwner.Process(RegistryFixture.Owner) };

    private readonly RegistryFixture _host = new();

    [Fact]
    public void Acquire_NameOwnerAndProtocolAlike_IsTheSameLease()
    {
        PortLease first = _host.Registry.Acquire(Web);

        PortLease again = _host.Registry.Acquire(Web with { Name = "WEB" });

        Assert.Equal((first.Port, first.Token, first.CreatedAt, "web"), (again.Port, again.Token, again.CreatedAt, again.Name));
        Assert.Single(_host.Registry.GetLeases());
    }

    [Fact]
    public void Acquire_WithoutReuse_IsAnotherLease()
    {
        PortLease first = _host.Registry.Acquire(Web);

        Assert.NotEqual(first.Port, _host.Registry.Acquire(Web with { Reuse = false }).Port);
    }

    [Fact]
    public void Acquire_AnotherOwner_IsAnotherLease()
    {
        _host.Platform.Start(4712, 1);
        PortLease first = _host.Registry.Acquire(Web);

        Assert.NotEqual(first.Port, _host.Registry.Acquire(Web with { Owner = PortLeaseOwner.Process(4712) }).Port);
    }

    [Fact]
    public void Acquire_AnotherProcessOfTheSameId_IsAnotherLease()
    {
        PortLease first = _host.Registry.Acquire(Web);
        _host.Platform.Start(RegistryFixture.Owner, 556);

        Assert.NotEqual(first.Token, _host.Registry.Acquire(Web).Token);
    }

    [Fact]
    public void Acquire_AnotherProtocol_IsAnotherLease()
    {
        PortLease tcp = _host.Registry.Acquire(Web);
        PortLease udp = _host.Registry.Acquire(Web with { Protocol = PortProtocol.Udp });

        Assert.Equal(udp.Token, _host.Registry.Acquire(Web with { Protocol = PortProtocol.Udp }).Token);
        Assert.Equal(tcp.Token, _host.Registry.Acquire(Web).Token);
    }

    [Fact]
    public void Acquire_AnotherNameOfTheSameHash_IsAnotherLease()
    {
        // 31 bits of a tag are not enough for every name: the slot decides.
        PortLease first = _host.Registry.Acquire(Web);
        _host.WithTable(table => table.Tags.Write(first.Port, SlotTag.OfName("api", "")));

        Assert.NotEqual(first.Token, _host.Registry.Acquire(Web with { Name = "api" }).Token);
    }

    [Fact]
    public void Acquire_TimeToLiveGiven_RenewsTheLease()
    {
        _host.Registry.Acquire(Web with { TimeToLive = TimeSpan.FromMinutes(1) });
        _host.Clock.Advance(TimeSpan.FromSeconds(59));

        _host.Registry.Acquire(Web with { TimeToLive = TimeSpan.FromMinutes(2) });

        Assert.Equal(_host.Clock.GetUtcNow().AddMinutes(2), Assert.Single(_host.Registry.GetLeases()).ExpiresAt);
    }

    [Fact]
    public void Acquire_Expired_IsANewLeaseOnTheSamePort()
    {
        PortLease first = _host.Registry.Acquire(Web with { TimeToLive = TimeSpan.FromMinutes(1) });
        _host.Clock.Advance(TimeSpan.FromMinutes(1));

        PortLease again = _host.Registry.Acquire(Web);

        Assert.Equal(first.Port, again.Port);
        Assert.NotEqual(first.Token, again.Token);
    }

    [Fact]
    public void Acquire_OtherTerms_IsAConflict()
    {
        int port = _host.Registry.Acquire(Web).Port;

        Assert.Contains($"port {port}", Conflict(Web with { Port = port + 1 }), StringComparison.Ordinal);
        Assert.Contains("30000-30100", Conflict(Web with { Range = new PortRange(30000, 30100) }), StringComparison.Ordinal);
        Assert.Contains("1 leases, not 2", Conflict(Web with { Count = 2 }), StringComparison.Ordinal);
        Assert.Single(_host.Registry.GetLeases());
    }

    [Fact]
    public void Acquire_SameTermsSaidOutLoud_IsNoConflict()
    {
        PortLease first = _host.Registry.Acquire(Web);

        Assert.Equal(first.Token, _host.Registry.Acquire(Web with { Port = first.Port }).Token);
        Assert.Equal(first.Token, _host.Registry.Acquire(Web with { Range = new PortRange(first.Port, first.Port) }).Token);
        Assert.Equal(first.Token, _host.Registry.Acquire(Web with { PreferredPort = first.Port + 5 }).Token);
    }

    [Fact]
    public void AcquireMany_SameCount_IsTheSameLeases()
    {
        IReadOnlyList<PortLease> first = _host.Registry.AcquireMany(Web with { Count = 3, Contiguous = true });

        Assert.Equal(first.Select(lease => lease.Token), _host.Registry.AcquireMany(Web with { Count = 3, Contiguous = true }).Select(lease => lease.Token));
        Assert.Contains("3 leases, not 1", Conflict(Web), StringComparison.Ordinal);
    }

    [Fact]
    public void AcquireMany_LeasesWithAGapWhereNoneIsWanted_IsAConflict()
    {
        _host.Lease("web", 20000);
        _host.Lease("web", 20002);

        Assert.Contains("follow one another", Conflict(Web with { Count = 2, Contiguous = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_OwnerlessByItsToken_IsTheSameLease()
    {
        PortLeaseRequest ownerless = Web with { Reuse = false, Owner = PortLeaseOwner.None, TimeToLive = TimeSpan.FromHours(1) };
        PortLease first = _host.Registry.Acquire(ownerless);
        PortLeaseRequest byToken = ownerless with { Reuse = true, Token = first.Token };

        PortLease again = _host.Registry.Acquire(byToken);

        Assert.Equal(first.Token, again.Token);
        Assert.Null(again.OwnerProcessId);
        Assert.Contains("not 'api'", Conflict(byToken with { Name = "api" }), StringComparison.Ordinal);
        Assert.Contains("not UDP", Conflict(byToken with { Protocol = PortProtocol.Udp }), StringComparison.Ordinal);
        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.Acquire(byToken with { Token = null }));
    }

    [Fact]
    public void Acquire_TokenOfALeaseThatHasASuccessor_IsANewLease()
    {
        PortLease first = _host.Registry.Acquire(Web);
        first.Dispose();
        PortLease successor = _host.Lease("api", first.Port);

        PortLease made = _host.Registry.Acquire(Web with { Token = first.Token });

        Assert.NotEqual(successor.Port, made.Port);
        Assert.Equal(2, _host.Registry.GetLeases().Count);
    }

    public void Dispose() => _host.Dispose();

    private string Conflict(PortLeaseRequest request) =>
        RegistryFixture.Refused(PortRegistryErrorCode.LeaseConflict, () => _host.Registry.AcquireMany(request)).Message;
}

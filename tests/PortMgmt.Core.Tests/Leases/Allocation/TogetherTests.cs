using System.Net;
using PortMgmt.Leases;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Allocation;

/// <summary>Several requests at once: each has its lease, or none has.</summary>
public sealed class TogetherTests : IDisposable
{
    private readonly RegistryFixture _host = new();

    [Fact]
    public void AcquireAll_SeveralNames_HaveALeaseEachInTheirOrder()
    {
        IReadOnlyList<PortLease> leases = _host.Registry.AcquireAll([Named("web"), Named("api") with { Protocol = PortProtocol.Udp }, Named("db") with { Scope = "shop" }]);

        Assert.Equal(["web", "api", "db"], leases.Select(lease => lease.Name));
        Assert.Equal([PortProtocol.Tcp, PortProtocol.Udp, PortProtocol.Tcp], leases.Select(lease => lease.Protocol));
        Assert.Equal("shop", leases[2].Scope);
        Assert.Equal(3, _host.Registry.GetLeases().Count);
        Assert.Equal(leases[1].Port, _host.Registry.GetLease(leases[1].Token!).Port);
    }

    [Fact]
    public void AcquireAll_Names_HaveThePortsThatEachHasAlone()
    {
        int[] alone = [_host.Lease("web").Port, _host.Lease("api").Port];
        foreach (PortLease lease in _host.Registry.GetLeases())
        {
            _host.Registry.Remove(lease);
        }

        Assert.Equal(alone.Reverse(), _host.Registry.AcquireAll([Named("api"), Named("web")]).Select(lease => lease.Port));
    }

    [Theory]
    [InlineData(20000)]
    [InlineData(20001)]
    [InlineData(20002)]
    public void AcquireAll_OneThatInsists_IsGivenItsPortWhateverItsPlace(int port)
    {
        // Three names for three ports: whichever of them the others begin with, the last has the one that it needs.
        PortRange three = new(20000, 20002);
        IReadOnlyList<PortLease> leases = _host.Registry.AcquireAll(
            [Named("web") with { Range = three }, Named("api") with { Range = three }, Named("db") with { Port = port }]);

        Assert.Equal(port, leases[2].Port);
        Assert.Equal([20000, 20001, 20002], leases.Select(lease => lease.Port).Order());
    }

    [Theory]
    [InlineData(20000)]
    [InlineData(20001)]
    public void AcquireAll_OneThatPrefers_ChoosesBeforeThoseThatDoNot(int port)
    {
        PortRange two = new(20000, 20001);
        IReadOnlyList<PortLease> leases = _host.Registry.AcquireAll([Named("web") with { Range = two }, Named("db") with { PreferredPort = port, Range = two }]);

        Assert.Equal(port, leases[1].Port);
    }

    [Fact]
    public void AcquireAll_ReservedPort_IsThatOfItsName()
    {
        _host.Registry.SetPolicy(new PortPolicy { DefaultRange = new(20000, 20001), Reservations = new Dictionary<string, int> { ["db"] = 20001 } });

        Assert.Equal([20000, 20001], _host.Registry.AcquireAll([Named("web"), Named("db")]).Select(lease => lease.Port));
    }

    [Fact]
    public void AcquireAll_TwoWithTheSamePreference_HaveDifferentPorts()
    {
        IReadOnlyList<PortLease> leases = _host.Registry.AcquireAll([Named("web") with { PreferredPort = 20000 }, Named("api") with { PreferredPort = 20000 }]);

        Assert.Equal(20000, leases[0].Port);
        Assert.NotEqual(20000, leases[1].Port);
    }

    [Fact]
    public void AcquireAll_OtherProtocol_MayHaveTheSameNumber()
    {
        IReadOnlyList<PortLease> leases = _host.Registry.AcquireAll([Named("dns") with { Port = 20053 }, Named("dns") with { Port = 20053, Protocol = PortProtocol.Udp }]);

        Assert.All(leases, lease => Assert.Equal(20053, lease.Port));
    }

    [Fact]
    public void AcquireAll_OneThatCannotBeHad_LeavesTheOthersWithout()
    {
        _host.Lease("taken", 20005);

        PortRegistryException refusal = RegistryFixture.Refused(
            PortRegistryErrorCode.PortUnavailable, () => _host.Registry.AcquireAll([Named("web"), Named("api") with { Port = 20005 }, Named("db")]));

        Assert.Equal(20005, refusal.Port);
        Assert.Equal(PortRefusal.Leased, refusal.Refusal);
        Assert.StartsWith("'api' cannot be had: TCP port 20005 is leased", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was leased: 3 were asked for together.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("taken", Assert.Single(_host.Registry.GetLeases()).Name);
    }

    [Fact]
    public void AcquireAll_RangeTooSmallForAll_LeasesNone()
    {
        PortRange two = new(20000, 20001);

        RegistryFixture.Refused(
            PortRegistryErrorCode.PortRangeExhausted, () => _host.Registry.AcquireAll([Named("a") with { Range = two }, Named("b") with { Range = two }, Named("c") with { Range = two }]));

        Assert.Empty(_host.Registry.GetLeases());
    }

    [Fact]
    public void AcquireAll_Reuse_IsOfEachNameAlone()
    {
        int web = _host.Registry.Acquire(Named("web")).Port;

        IReadOnlyList<PortLease> first = _host.Registry.AcquireAll([Named("api") with { Reuse = true }, Named("web") with { Reuse = true }]);
        IReadOnlyList<PortLease> again = _host.Registry.AcquireAll([Named("api") with { Reuse = true }, Named("web") with { Reuse = true }]);

        Assert.Equal(web, first[1].Port);
        Assert.Equal(first.Select(lease => lease.Token), again.Select(lease => lease.Token));
        Assert.Equal(2, _host.Registry.GetLeases().Count);
    }

    [Fact]
    public void AcquireAll_ReuseOfOtherTerms_RenewsNothing()
    {
        _host.Registry.Acquire(Named("web") with { TimeToLive = TimeSpan.FromMinutes(1) });
        _host.Registry.Acquire(Named("api"));
        DateTimeOffset? end = _host.Registry.GetLeases(new PortLeaseFilter { Name = "web" })[0].ExpiresAt;

        RegistryFixture.Refused(PortRegistryErrorCode.LeaseConflict, () => _host.Registry.AcquireAll(
            [Named("web") with { Reuse = true, TimeToLive = TimeSpan.FromHours(1) }, Named("api") with { Reuse = true, Port = 20000 }]));

        Assert.Equal(end, _host.Registry.GetLeases(new PortLeaseFilter { Name = "web" })[0].ExpiresAt);
    }

    [Fact]
    public void AcquireAll_NameTwice_IsRefusedWhereItIsOneLease()
    {
        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.AcquireAll([Named("web"), Named("WEB")]));

        Assert.Contains("'WEB' is given twice", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, _host.Registry.AcquireAll([Named("web"), Named("web") with { Scope = "other" }]).Count);
        Assert.Equal(2, _host.Registry.AcquireAll([new PortLeaseRequest(), new PortLeaseRequest()]).Select(lease => lease.Port).Distinct().Count());
    }

    [Fact]
    public void AcquireAll_RequestsThatCannotBe_AreRefusedBeforeAnythingIsTouched()
    {
        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.AcquireAll([Named("web") with { Count = 2 }]));
        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.AcquireAll([Named("web") with { Port = 20000 }, Named("api") with { Port = 20000 }]));
        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.AcquireAll([.. Enumerable.Repeat(new PortLeaseRequest(), 1001)]));
        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.AcquireAll([Named("web"), Named("no name")]));
        Assert.StartsWith("'no name' cannot be had", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_host.Registry.AcquireAll([]));
        Assert.False(File.Exists(_host.TableFile));
    }

    [Fact]
    public void AcquireAll_TheMostOfBothProtocols_FitsTheJournal()
    {
        IReadOnlyList<PortLease> leases = _host.Registry.AcquireAll([.. Enumerable.Range(0, 1000).Select(number => Named($"n{number}") with { Protocol = PortProtocol.Both })]);

        Assert.Equal(1000, leases.Select(lease => lease.Port).Distinct().Count());
        Assert.Equal(1000, _host.Registry.GetLeases().Count);
    }

    [Fact]
    public void AcquireAllListening_EachProtocol_HasItsSocket()
    {
        IReadOnlyList<ListeningPort> ports = _host.Registry.AcquireAllListening([Named("web"), Named("dns") with { Protocol = PortProtocol.Udp }], IPAddress.Loopback);

        Assert.Equal(["web", "dns"], ports.Select(port => port.Lease.Name));
        Assert.All(ports, port => Assert.Equal(new IPEndPoint(IPAddress.Loopback, port.Port), port.Socket.LocalEndPoint));
        Assert.All(ports, port => port.Dispose());
    }

    [Fact]
    public void AcquireAllListening_OneThatCannotBeHad_LeavesNoSocketOpen()
    {
        int taken = _host.Lease("taken").Port;
        int free = ListenOnce();

        RegistryFixture.Refused(
            PortRegistryErrorCode.PortUnavailable, () => _host.Registry.AcquireAllListening([Named("web") with { Port = free }, Named("api") with { Port = taken }], IPAddress.Loopback));

        using ListeningPort again = _host.Registry.AcquireListening(Named("web") with { Port = free }, IPAddress.Loopback);
        Assert.Equal(free, again.Port);
    }

    private int ListenOnce()
    {
        using ListeningPort port = _host.Registry.AcquireListening(new PortLeaseRequest { Owner = PortLeaseOwner.Process(RegistryFixture.Owner) }, IPAddress.Loopback);
        return port.Port;
    }

    public void Dispose() => _host.Dispose();

    private static PortLeaseRequest Named(string name) => new() { Name = name, Owner = PortLeaseOwner.Process(RegistryFixture.Owner) };
}

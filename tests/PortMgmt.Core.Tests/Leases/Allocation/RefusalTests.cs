using PortMgmt.Leases;
using PortMgmt.Platform;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Leases;

public sealed class RefusalTests : IDisposable
{
    private static readonly PortRange Ten = new(20000, 20009);

    private readonly RegistryFixture _host = new();

    [Fact]
    public void Acquire_Exhausted_TalliesEveryPortOnce()
    {
        _host.Registry.SetPolicy(new PortPolicy
        {
            Exclude = [new PortRange(20000, 20001)],
            Reservations = new Dictionary<string, int> { ["web"] = 20002 },
        });
        _host.Platform.Reserved = PortSet.From([new PortRange(20003, 20003)]);
        _host.Platform.Bindings[(20004, false)] = PortBinding.Busy;
        _host.Clock.Advance(TimeSpan.FromSeconds(2));
        for (int port = 20005; port <= 20009; port++)
        {
            _host.Lease("api", port);
        }

        string message = Exhaust(new PortLeaseRequest { Range = Ten });

        Assert.StartsWith(
            "No port of the range 20000-20009 can be had on TCP. Of 10: 5 leased, 1 in use, 1 reserved by policy, 2 excluded, 1 reserved by the kernel.",
            message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AcquireMany_FewerFreeThanAsked_TalliesTheFreeOnes()
    {
        for (int port = 20000; port <= 20006; port++)
        {
            _host.Lease("api", port, PortProtocol.Udp);
        }

        Assert.Contains("No 4 ports of the range 20000-20009 can be had on UDP. Of 10: 7 leased, 3 free.", Exhaust(new PortLeaseRequest { Range = Ten, Count = 4, Protocol = PortProtocol.Udp }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20000)]
    [InlineData(20004)]
    [InlineData(20009)]
    public void AcquireMany_NoBlock_TalliesEveryPortOnceWhereverTheSearchStarts(int start)
    {
        _host.Lease("api", 20003);
        _host.Lease("api", 20006);
        var request = new PortLeaseRequest { Name = TimeTests.StartingAt(Ten, start), Range = Ten, Count = 4, Contiguous = true };

        Assert.Contains("No 4 ports in a row of the range 20000-20009 can be had on TCP. Of 10: 2 leased, 8 free.", Exhaust(request), StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_LeasedByAProcess_NamesItAndSince()
    {
        _host.Lease("web", 20000);
        _host.Clock.Advance(TimeSpan.FromHours(2));

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("api", 20000));

        Assert.Equal((20000, PortRefusal.Leased), (refusal.Port, refusal.Refusal));
        Assert.StartsWith("TCP port 20000 is leased by process 4711 as 'web' since 2026-03-01 12:00:00Z.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_LeasedByNobody_NamesTheUser()
    {
        _host.Platform.User = "1234";
        _host.Registry.Acquire(new PortLeaseRequest { Port = 20000, Protocol = PortProtocol.Udp, Owner = PortLeaseOwner.None, TimeToLive = TimeSpan.FromHours(1) });

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("api", 20000, PortProtocol.Udp));

        Assert.StartsWith("UDP port 20000 is leased by user user1234 since ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_Reserved_NamesTheName()
    {
        _host.Registry.SetPolicy(new PortPolicy { Reservations = new Dictionary<string, int> { ["web"] = 20002 } });

        Assert.StartsWith(
            "TCP port 20002 is reserved for the name 'web'",
            RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("api", 20002)).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => _host.Dispose();

    private string Exhaust(PortLeaseRequest request) =>
        RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Registry.AcquireMany(request)).Message;
}

using PortMgmt.Leases;
using PortMgmt.Platform;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Leases;

/// <summary>Several ports at once, blocks, and leases of both protocols: all or nothing.</summary>
public sealed class CountTests : IDisposable
{
    private static readonly PortRange Ten = new(20000, 20009);

    private readonly RegistryFixture _host = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10)]
    public void AcquireMany_ThatManyAreFree_GivesEachPortOnce(int count)
    {
        IReadOnlyList<PortLease> leases = _host.Registry.AcquireMany(new PortLeaseRequest { Range = Ten, Count = count });

        Assert.Equal(count, leases.Select(lease => lease.Port).Where(Ten.Contains).Distinct().Count());
        Assert.Equal(count, leases.Select(lease => lease.Token).Distinct().Count());
        Assert.Equal(count, _host.Registry.GetLeases().Count);
    }

    [Fact]
    public void AcquireMany_TheMostOfBothProtocols_FitsTheJournal()
    {
        IReadOnlyList<PortLease> leases = _host.Registry.AcquireMany(new PortLeaseRequest { Count = PortLeaseRequest.MaxCount, Protocol = PortProtocol.Both });

        Assert.Equal(1000, leases.Count);
        Assert.Equal(1000, _host.Registry.GetLeases(new PortLeaseFilter { Protocol = PortProtocol.Udp }).Count);
        foreach (PortLease lease in leases)
        {
            lease.Dispose();
        }

        Assert.Empty(_host.Registry.GetLeases());
    }

    [Fact]
    public void AcquireMany_OneTooFew_MakesNone()
    {
        _host.Lease("web", 20004);

        RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Registry.AcquireMany(new PortLeaseRequest { Range = Ten, Count = 10 }));

        Assert.Single(_host.Registry.GetLeases());
    }

    [Theory]
    [InlineData(20000)]
    [InlineData(20003)]
    [InlineData(20005)]
    [InlineData(20009)]
    public void AcquireMany_Contiguous_FindsTheOnlyBlockWhereverTheSearchStarts(int start)
    {
        _host.Lease("web", 20002);
        _host.Lease("web", 20007);
        var request = new PortLeaseRequest { Name = TimeTests.StartingAt(Ten, start), Range = Ten, Count = 4, Contiguous = true };

        Assert.Equal([20003, 20004, 20005, 20006], _host.Registry.AcquireMany(request).Select(lease => lease.Port));
        RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Registry.AcquireMany(request));
    }

    [Fact]
    public void AcquireMany_ContiguousAndAllInOnePiece_TakesTheWholeRange()
    {
        var request = new PortLeaseRequest { Name = TimeTests.StartingAt(Ten, 20006), Range = Ten, Count = 10, Contiguous = true };

        Assert.Equal(Enumerable.Range(20000, 10), _host.Registry.AcquireMany(request).Select(lease => lease.Port));
    }

    [Fact]
    public void AcquireMany_BlockByNumberPartlyTaken_MakesNone()
    {
        _host.Lease("web", 20002);
        var request = new PortLeaseRequest { Port = 20000, Count = 3, Contiguous = true };

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Registry.AcquireMany(request));

        Assert.Equal(20002, refusal.Port);
        Assert.Single(_host.Registry.GetLeases());
        Assert.Equal([20003, 20004, 20005], _host.Registry.AcquireMany(request with { Port = 20003 }).Select(lease => lease.Port));
    }

    [Fact]
    public void AcquireMany_PreferredBlockBeyondTheRange_StaysInTheRange()
    {
        var request = new PortLeaseRequest { PreferredPort = 20008, Range = Ten, Count = 4, Contiguous = true };

        Assert.All(_host.Registry.AcquireMany(request), lease => Assert.InRange(lease.Port, Ten.First, Ten.Last));
    }

    [Fact]
    public void AcquireMany_PreferredPort_IsAmongThem()
    {
        var request = new PortLeaseRequest { PreferredPort = 25000, Count = 3 };

        IReadOnlyList<PortLease> leases = _host.Registry.AcquireMany(request);

        Assert.Equal(3, leases.Select(lease => lease.Port).Distinct().Count());
        Assert.Contains(leases, lease => lease.Port == 25000);
        Assert.DoesNotContain(_host.Registry.AcquireMany(request), lease => lease.Port == 25000);
    }

    [Theory]
    [InlineData(PortProtocol.Tcp)]
    [InlineData(PortProtocol.Udp)]
    [InlineData(PortProtocol.Both)]
    public void Acquire_PortOfBothProtocols_IsTakenForEach(PortProtocol asked)
    {
        PortLease both = _host.Lease("web", 20000, PortProtocol.Both);

        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("api", 20000, asked));

        both.Dispose();
        Assert.Equal(asked, _host.Lease("api", 20000, asked).Protocol);
    }

    [Theory]
    [InlineData(PortProtocol.Tcp)]
    [InlineData(PortProtocol.Udp)]
    public void Acquire_BothWhereOneIsTaken_IsRefused(PortProtocol taken)
    {
        _host.Lease("web", 20000, taken);

        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("api", 20000, PortProtocol.Both));
        Assert.Equal(20001, _host.Registry.Acquire(new PortLeaseRequest { Range = new PortRange(20000, 20001), Protocol = PortProtocol.Both }).Port);
    }

    [Fact]
    public void Acquire_TcpWhereUdpIsTaken_IsGranted()
    {
        _host.Lease("web", 20000, PortProtocol.Udp);

        Assert.Equal(20000, _host.Lease("web", 20000).Port);
    }

    [Fact]
    public void Acquire_HalfOfALeaseOfBothThatIsStale_TakesBothBack()
    {
        _host.Lease("web", 20000, PortProtocol.Both, time: TimeSpan.FromSeconds(1));
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        PortLease udp = _host.Lease("api", 20000, PortProtocol.Udp);

        Assert.Empty(_host.Registry.Sweep());
        Assert.Equal(udp.Port, Assert.Single(_host.Registry.GetLeases()).Port);
        _host.Lease("tcp", 20000);
    }

    [Fact]
    public void Acquire_PortBusyOnOneProtocol_IsRefusedForBoth()
    {
        _host.Platform.Bindings[(20000, true)] = PortBinding.Busy;

        Assert.Equal(PortRefusal.Listening, RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("web", 20000, PortProtocol.Both)).Refusal);
        Assert.Equal(20000, _host.Lease("web", 20000).Port);
    }

    public void Dispose() => _host.Dispose();
}

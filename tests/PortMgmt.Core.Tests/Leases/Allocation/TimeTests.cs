using PortMgmt.Leases;
using PortMgmt.Leases.Allocation;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Allocation;

/// <summary>Time to live, and the rest of a port after its lease.</summary>
public sealed class TimeTests : IDisposable
{
    private const int Port = 18080;

    private readonly RegistryFixture _host = new();

    [Fact]
    public void Acquire_BeforeAndAfterTheTimeToLive_IsRefusedAndGranted()
    {
        _host.Lease("web", Port, time: TimeSpan.FromMinutes(10));
        _host.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("api", Port));

        _host.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("its time to live has passed", Assert.Single(_host.Registry.Sweep(whatIf: true)).Reason);
        Assert.Equal("api", _host.Lease("api", Port).Name);
    }

    [Theory]
    [InlineData(-20 * 365)]
    [InlineData(20 * 365)]
    public void GetLeases_SomebodySetsTheDate_ChangesNoLease(int days)
    {
        _host.Lease("web", Port, time: TimeSpan.FromMinutes(10));
        DateTimeOffset wall = _host.Clock.GetUtcNow().AddDays(days);
        _host.Clock.SetWall(wall);

        PortLease lease = Assert.Single(_host.Registry.GetLeases());

        Assert.Equal(PortLeaseState.Active, lease.State);
        Assert.Equal(wall.AddMinutes(10), lease.ExpiresAt);
        _host.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(PortLeaseState.Stale, Assert.Single(_host.Registry.GetLeases()).State);
    }

    [Fact]
    public void Acquire_SmallestTimeToLive_IsNotForEver()
    {
        PortLease lease = _host.Lease("web", Port, time: TimeSpan.FromMilliseconds(1));

        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Lease("web", time: TimeSpan.FromTicks(1)));
        Assert.NotNull(lease.ExpiresAt);
        _host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(PortLeaseState.Stale, Assert.Single(_host.Registry.GetLeases()).State);
    }

    [Fact]
    public void Acquire_LongerThanThePolicyAllows_IsCutWithAWarning()
    {
        _host.Registry.SetPolicy(new PortPolicy { MaxTimeToLive = TimeSpan.FromHours(1) });

        PortLease lease = _host.Lease("web", Port, time: TimeSpan.FromHours(2));

        Assert.Equal(_host.Clock.GetUtcNow().AddHours(1), lease.ExpiresAt);
        Assert.Contains("01:00:00", Assert.Single(lease.Warnings), StringComparison.Ordinal);
        Assert.Equal(_host.Clock.GetUtcNow().AddHours(1), _host.Registry.Renew(lease, TimeSpan.FromHours(3)).ExpiresAt);
    }

    [Fact]
    public void Acquire_OwnPortAtRest_IsHadAgainAtOnce()
    {
        int first = Drop("web");

        Assert.Equal(first, _host.Lease("WEB").Port);
    }

    [Theory]
    [InlineData("api")]
    [InlineData(null)]
    public void Acquire_AnothersPortAtRest_IsHadAfterSixtySeconds(string? name)
    {
        int port = Drop("web");
        var both = new PortLeaseRequest { Name = name, Range = new PortRange(port, port + 1) };
        Assert.Equal(port + 1, _host.Registry.Acquire(both).Port);
        _host.Clock.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(port, Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { State = PortLeaseState.Quarantined })).Port);

        _host.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Empty(_host.Registry.GetLeases(new PortLeaseFilter { State = PortLeaseState.Quarantined }));
        PortLease again = _host.Registry.Acquire(both);
        Assert.Equal(port, again.Port);
        Assert.Empty(again.Warnings);
    }

    /// <summary>Far from the start of the search tags alone are looked at: they must not make the rest longer.</summary>
    [Theory]
    [InlineData(59_999, false)]
    [InlineData(60_000, true)]
    public void AcquireMany_WholeRangeAtRest_IsHadToTheMillisecond(int milliseconds, bool expected)
    {
        var range = new PortRange(Port, Port + 49);
        IReadOnlyList<PortLease> all = _host.Registry.AcquireMany(new PortLeaseRequest { Range = range, Count = 50 });
        foreach (PortLease lease in all)
        {
            lease.Dispose();
        }

        _host.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        var twice = new PortRange(Port, Port + 99);

        IReadOnlyList<PortLease> again = _host.Registry.AcquireMany(new PortLeaseRequest { Name = StartingAt(twice, Port), Range = twice, Count = 50 });

        Assert.Equal(expected, again[0].Port == Port && again[^1].Port == Port + 49);
    }

    [Fact]
    public void Acquire_NothingLeftButPortsAtRest_TakesOne()
    {
        int port = Drop("web");

        PortLease lease = _host.Registry.Acquire(new PortLeaseRequest { Name = "api", Range = new PortRange(port, port) });

        Assert.Equal(port, lease.Port);
    }

    [Fact]
    public void Acquire_OwnerDeadForLong_RestsFromWhenItIsTakenBack()
    {
        int port = _host.Lease("web").Port;
        _host.Platform.End(RegistryFixture.Owner);
        _host.Platform.Start(4712, 1);
        _host.Clock.Advance(TimeSpan.FromHours(1));
        _host.Registry.Sweep();

        var both = new PortLeaseRequest { Range = new PortRange(port, port + 1), Owner = PortLeaseOwner.Process(4712) };

        Assert.Equal(port + 1, _host.Registry.Acquire(both).Port);
    }

    public void Dispose() => _host.Dispose();

    /// <summary>A name whose search of the range starts at the port.</summary>
    internal static string StartingAt(PortRange range, int port) => Enumerable.Range(0, int.MaxValue)
        .Select(number => $"n{number}")
        .First(name => range.First + (int)(StickyHash.Compute(name) % (ulong)range.Count) == port);

    private int Drop(string name)
    {
        PortLease lease = _host.Lease(name);
        lease.Dispose();
        return lease.Port;
    }
}

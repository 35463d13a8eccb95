using PortMgmt.Leases;
using PortMgmt.Platform;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>A date that somebody set to nonsense ends no lease, and no call.</summary>
public sealed class CalendarTests : IDisposable
{
    private readonly RegistryFixture _host = new();

    public void Dispose() => _host.Dispose();

    public static TheoryData<DateTimeOffset> Dates => [DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch.AddYears(-1), DateTimeOffset.MaxValue];

    [Theory]
    [MemberData(nameof(Dates))]
    public void Acquire_AnyDate_LeasesAndListsAllTheSame(DateTimeOffset date)
    {
        _host.Clock.SetWall(date);

        PortLease lease = _host.Lease("web", time: TimeSpan.FromDays(3650));

        Assert.NotNull(lease.ExpiresAt);
        Assert.Equal(PortLeaseState.Active, Assert.Single(_host.Registry.GetLeases()).State);
        Assert.Empty(_host.Registry.Sweep());
        _host.Registry.Remove(lease);
    }

    [Fact]
    public void GetStartTime_StampLaterThanNow_IsUnknown()
    {
        ProcessStamp self = HostPlatform.Current.Self;
        Assert.SkipWhen(self.Start == 0, "This system does not tell when processes started.");

        Assert.Null(HostPlatform.Current.GetStartTime(self with { Start = ulong.MaxValue }, TimeProvider.System.GetUtcNow()));
        Assert.NotNull(HostPlatform.Current.GetStartTime(self, TimeProvider.System.GetUtcNow()));
    }
}

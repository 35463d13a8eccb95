using PortMgmt.Leases;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Leases;

/// <summary>Renewing, handing over, and what another user may do.</summary>
public sealed class RenewTests : IDisposable
{
    private const int Port = 18080;

    private readonly RegistryFixture _host = new();

    [Fact]
    public void Renew_TimeToLive_CountsFromNow()
    {
        PortLease lease = _host.Lease("web", Port, PortProtocol.Both, time: TimeSpan.FromMinutes(10));
        _host.Clock.Advance(TimeSpan.FromMinutes(9));

        PortLease renewed = _host.Registry.Renew(lease, TimeSpan.FromMinutes(10));

        Assert.Equal((lease.Token, lease.CreatedAt), (renewed.Token, renewed.CreatedAt));
        Assert.Equal(_host.Clock.GetUtcNow().AddMinutes(10), renewed.ExpiresAt);
        _host.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(PortLeaseState.Active, Assert.Single(_host.Registry.GetLeases()).State);
        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("udp", Port, PortProtocol.Udp));
        renewed.Dispose();
        Assert.Empty(_host.Registry.GetLeases());
    }

    [Fact]
    public void Renew_AnotherOwner_EndsWithThatOne()
    {
        _host.Platform.Start(4712, 1);
        PortLease lease = _host.Lease("web", Port);

        Assert.Equal(4712, _host.Registry.Renew(lease, owner: PortLeaseOwner.Process(4712)).OwnerProcessId);

        _host.Platform.End(RegistryFixture.Owner);
        Assert.Empty(_host.Registry.Sweep());
        _host.Platform.End(4712);
        Assert.Single(_host.Registry.Sweep());
    }

    [Fact]
    public void Renew_NobodyAndNoTime_IsRefused()
    {
        PortLease lease = _host.Lease("web", Port);

        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.Renew(lease, owner: PortLeaseOwner.None));

        PortLease ownerless = _host.Registry.Renew(lease, TimeSpan.FromHours(1), PortLeaseOwner.None);
        Assert.Null(ownerless.OwnerProcessId);
        Assert.Null(ownerless.OwnerStartTime);
        RegistryFixture.Refused(PortRegistryErrorCode.OwnerNotFound, () => _host.Registry.Renew(lease, owner: PortLeaseOwner.Process(4799)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3650.1)]
    [InlineData(10_000_000)]
    public void Renew_TimeThatIsNone_IsRefusedAndChangesNothing(double days)
    {
        PortLease lease = _host.Lease("web", Port, time: TimeSpan.FromHours(1));

        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.Renew(lease, TimeSpan.FromDays(days)));

        Assert.Equal(lease.ExpiresAt, Assert.Single(_host.Registry.GetLeases()).ExpiresAt);
    }

    [Fact]
    public void Renew_OwnerDeadAndTimeGiven_IsStillStale()
    {
        PortLease lease = _host.Lease("web", Port);
        _host.Platform.End(RegistryFixture.Owner);

        Assert.Equal(PortLeaseState.Stale, _host.Registry.Renew(lease, TimeSpan.FromHours(1)).State);
    }

    [Fact]
    public void Renew_Ended_IsNotFound()
    {
        PortLease lease = _host.Lease("web", Port);
        lease.Dispose();

        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotFound, () => _host.Registry.Renew(lease, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Remove_LeaseOfAnotherUser_NeedsForce()
    {
        _host.Platform.User = "1234";
        _host.Lease("web", Port);
        _host.Platform.User = "5678";
        PortLease listed = Assert.Single(_host.Registry.GetLeases());
        Assert.Equal("user1234", listed.UserName);

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotOwned, () => _host.Registry.Remove(listed));
        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotOwned, () => _host.Registry.Renew(listed, TimeSpan.FromHours(1)));

        Assert.Contains("user1234", refusal.Message, StringComparison.Ordinal);
        Assert.Single(_host.Registry.GetLeases());
        _host.Registry.Remove(listed, force: true);
        Assert.Empty(_host.Registry.GetLeases());
    }

    [Fact]
    public void Remove_LeaseOfAnotherUserByItsToken_IsGranted()
    {
        _host.Platform.User = "1234";
        string token = _host.Lease("web", Port).Token!;
        _host.Platform.User = "5678";

        _host.Registry.Remove(_host.Registry.GetLease(token));

        Assert.Empty(_host.Registry.GetLeases());
    }

    [Fact]
    public void Remove_OwnLeaseSeenInAList_IsGranted()
    {
        _host.Lease("web", Port);

        _host.Registry.Remove(Assert.Single(_host.Registry.GetLeases()));

        Assert.Empty(_host.Registry.GetLeases());
    }

    public void Dispose() => _host.Dispose();
}

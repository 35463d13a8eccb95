using PortMgmt.Leases;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Leases;

/// <summary>Tokens fence: what is done late never touches a successor.</summary>
public sealed class TokenTests : IDisposable
{
    private const int Port = 18080;

    private readonly RegistryFixture _host = new();

    [Theory]
    [InlineData(PortProtocol.Tcp, "18080t-")]
    [InlineData(PortProtocol.Udp, "18080u-")]
    [InlineData(PortProtocol.Both, "18080b-")]
    public void GetLease_TokenOfALease_IsThatLease(PortProtocol protocol, string start)
    {
        PortLease made = _host.Lease("web", Port, protocol);

        PortLease found = _host.Registry.GetLease(made.Token!);

        Assert.StartsWith(start, made.Token, StringComparison.Ordinal);
        Assert.Equal((made.Token, made.Port, made.Name, PortLeaseState.Active), (found.Token, found.Port, found.Name, found.State));
    }

    [Fact]
    public void GetLease_StaleLease_SaysSo()
    {
        PortLease made = _host.Lease("web", Port);
        _host.Platform.End(RegistryFixture.Owner);

        Assert.Equal(PortLeaseState.Stale, _host.Registry.GetLease(made.Token!).State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("18080")]
    [InlineData("18080t")]
    [InlineData("-0123456789abcdef01234567")]
    [InlineData("t-0123456789abcdef01234567")]
    [InlineData("0t-0123456789abcdef01234567")]
    [InlineData("65536t-0123456789abcdef01234567")]
    [InlineData("+80t-0123456789abcdef01234567")]
    [InlineData("18080x-0123456789abcdef01234567")]
    [InlineData("18080t-0123456789ABCDEF01234567")]
    [InlineData("18080t-0123456789abcdef0123456")]
    [InlineData("18080t-0123456789abcdef012345678")]
    [InlineData("99999999999999999999t-0123456789abcdef01234567")]
    public void GetLease_TextThatIsNoToken_IsAnInvalidRequest(string token)
    {
        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.GetLease(token));
        _host.Lease();
        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.GetLeases(new PortLeaseFilter { Token = token }));
    }

    [Fact]
    public void Remove_LateWithASuccessorThere_FailsAndLeavesIt()
    {
        PortLease first = _host.Lease("web", Port);
        _host.Platform.End(RegistryFixture.Owner);
        _host.Platform.Start(4712, 1);
        PortLease successor = _host.Lease("api", Port, owner: 4712);

        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotOwned, () => _host.Registry.Remove(first));
        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotOwned, () => _host.Registry.Remove(first, force: true));
        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotOwned, () => _host.Registry.Renew(first, TimeSpan.FromHours(1)));
        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotOwned, () => _host.Registry.GetLease(first.Token!));
        first.Dispose();

        PortLease left = Assert.Single(_host.Registry.GetLeases());
        Assert.Equal(("api", PortLeaseState.Active), (left.Name, left.State));
        Assert.Equal(successor.Token, _host.Registry.GetLease(successor.Token!).Token);
    }

    [Fact]
    public void Remove_SeenInAListBeforeItsSuccessor_FailsAndLeavesIt()
    {
        _host.Lease("web", Port).Dispose();
        PortLease seen = _host.Lease("web", Port);
        PortLease listed = Assert.Single(_host.Registry.GetLeases());
        seen.Dispose();
        _host.Lease("web", Port);

        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotOwned, () => _host.Registry.Remove(listed));
    }

    [Fact]
    public void Remove_HalfOfALeaseOfBothHasASuccessor_FailsAndLeavesIt()
    {
        PortLease both = _host.Lease("web", Port, PortProtocol.Both, time: TimeSpan.FromSeconds(1));
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        _host.Lease("api", Port, PortProtocol.Udp);

        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotFound, () => _host.Registry.Remove(both));

        Assert.Equal("api", Assert.Single(_host.Registry.GetLeases()).Name);
    }

    [Fact]
    public void Remove_Twice_IsNotFound()
    {
        PortLease lease = _host.Lease("web", Port);
        _host.Registry.Remove(lease);

        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotFound, () => _host.Registry.Remove(lease));
        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotFound, () => _host.Registry.GetLease(lease.Token!));
        lease.Dispose();
    }

    [Fact]
    public void Remove_NoRegistryThere_IsNotFoundAndMakesNone()
    {
        PortLease lease = _host.Lease("web", Port);
        using var empty = new RegistryFixture();

        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotFound, () => empty.Registry.Remove(lease));
        RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotFound, () => empty.Registry.GetLease(lease.Token!));
        Assert.Empty(Directory.GetFiles(empty.Directory));
    }

    [Fact]
    public void GetLeases_AnyLease_ShowsNoToken()
    {
        PortLease made = _host.Lease("web", Port);

        Assert.Null(Assert.Single(_host.Registry.GetLeases()).Token);
        Assert.Null(Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { Token = made.Token })).Token);
        Assert.Null(_host.Registry.Renew(Assert.Single(_host.Registry.GetLeases()), TimeSpan.FromHours(1)).Token);
    }

    [Fact]
    public void Dispose_LeaseOfAList_EndsNothing()
    {
        _host.Lease("web", Port);

        Assert.Single(_host.Registry.GetLeases()).Dispose();

        Assert.Single(_host.Registry.GetLeases());
    }

    [Fact]
    public void Dispose_RegistryGone_DoesNotThrow()
    {
        PortLease lease = _host.Lease("web", Port);
        File.Delete(_host.LockFile);
        Directory.CreateDirectory(_host.LockFile);

        lease.Dispose();

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryUnavailable, () => _host.Registry.Remove(lease));
    }

    public void Dispose() => _host.Dispose();
}

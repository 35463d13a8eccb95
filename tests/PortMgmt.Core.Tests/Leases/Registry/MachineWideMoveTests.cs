using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>The machine-wide registry is made while users have leases in registries of their own.</summary>
public sealed class MachineWideMoveTests : IDisposable
{
    private const int Web = 18080;

    private readonly RegistryFixture _user = new();
    private readonly TemporaryDirectory _machine = new();

    public MachineWideMoveTests()
    {
        _user.Platform.Home = _user.Directory;
        _user.Platform.Machine = _machine["portmgmt"];
        _user.Platform.UserDirectories = ["/nonexistent/portmgmt", _user.Directory];
    }

    public void Dispose()
    {
        _user.Dispose();
        _machine.Dispose();
    }

    [Fact]
    public void InitializeMachineWide_UserWithALivingLease_IsRefusedWithTheList()
    {
        _user.Lease("web", Web);
        _user.Lease("both", 18090, PortProtocol.Both);
        LeaseOfOneWhoEnded();

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.LeaseConflict, () => Initialize(force: false));

        Assert.Contains($"TCP port {Web} 'web' of process {RegistryFixture.Owner} (user user", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, refusal.Message.Split("18090").Length);
        Assert.DoesNotContain("18100", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_machine["portmgmt"]));
        Assert.Equal(3, _user.Registry.GetLeases().Count);
    }

    [Fact]
    public void InitializeMachineWide_NothingLives_IsMade()
    {
        LeaseOfOneWhoEnded();

        Assert.Equal(PortRegistrySource.MachineWide, Initialize(force: false).Source);
        Assert.Equal(PortRegistrySource.MachineWide, Initialize(force: false).Source);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Remove_TokenOfTheRegistryBefore_IsAnsweredTruly(bool isPortLeasedAgain)
    {
        PortLease lease = _user.Lease("web", Web);
        PortRegistry machine = Initialize(force: true);
        if (isPortLeasedAgain)
        {
            machine.Acquire(new PortLeaseRequest { Port = Web, Owner = PortLeaseOwner.Process(RegistryFixture.Owner) });
        }

        string[] answers =
        [
            RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotFound, () => machine.GetLease(lease.Token!)).Message,
            RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotFound, () => machine.Remove(lease)).Message,
            RegistryFixture.Refused(PortRegistryErrorCode.LeaseNotFound, () => machine.Renew(lease, TimeSpan.FromHours(1))).Message,
        ];

        Assert.All(answers, answer =>
        {
            Assert.Contains($"'{_user.Directory}'", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("has ended", answer, StringComparison.Ordinal);
        });
        _user.Registry.Remove(lease);
        Assert.DoesNotContain(_user.Directory, Assert.Throws<PortRegistryException>(() => machine.GetLease(lease.Token!)).Message, StringComparison.Ordinal);
    }

    private PortRegistry Initialize(bool force) => PortRegistry.InitializeMachineWide(_user.Platform, force, _user.Clock);

    private void LeaseOfOneWhoEnded()
    {
        const int Process = 4799;
        _user.Platform.Start(Process, 1);
        _user.Lease("ended", 18100, owner: Process);
        _user.Platform.End(Process);
    }
}

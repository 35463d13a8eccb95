using PortMgmt.Leases;
using Xunit;

namespace PortMgmt.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class NamespaceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [SkippableFact]
    public void Lease_OfProcessNamespaceOfItsOwn_GetsADayAndIsJudgedByThatAlone()
    {
        Needs.RootAnd("unshare");
        using var contained = TestChild.Lease(_directory.Path, Launcher.InProcessNamespace);
        Assert.Equal(1, contained.DoForNumber("id"));
        contained.Do("take name=contained");

        PortLease lease = Assert.Single(Registry.GetLeases());
        Assert.Equal(1, lease.OwnerProcessId);
        Assert.Equal(lease.CreatedAt.AddHours(24), lease.ExpiresAt!.Value, TimeSpan.FromMinutes(5));
        contained.End();
        Assert.Equal(PortLeaseState.Active, Assert.Single(Registry.GetLeases()).State);
        Assert.Empty(Registry.Sweep());
    }

    [SkippableFact]
    public void Lease_OfOwnerOutsideTheProcessNamespace_HoldsWithin()
    {
        Needs.RootAnd("unshare");
        using var outside = TestChild.Lease(_directory.Path);
        int port = outside.DoForNumber("take name=outside");
        using var contained = TestChild.Lease(_directory.Path, Launcher.InProcessNamespace);

        Assert.Equal("False", contained.Do($"sees process={outside.Id}"));
        Assert.Equal($"{port}:Active", contained.Do("list"));
        Assert.Equal("", contained.Do("sweep"));
    }

    [SkippableFact]
    public void Lease_SamePortInAnotherNetworkNamespace_IsAnothersAffair()
    {
        Needs.RootAnd("unshare");
        using PortLease lease = Registry.Acquire("web");
        using var apart = TestChild.Lease(_directory.Path, Launcher.InNetworkNamespace);

        Assert.Equal("", apart.Do("list"));
        Assert.Equal(lease.Port, apart.DoForNumber($"take port={lease.Port}"));

        Assert.Equal(Environment.ProcessId, Assert.Single(Registry.GetLeases()).OwnerProcessId);
        Assert.Equal(2, Directory.GetFiles(_directory.Path, "leases-*.table").Length);
    }

    private PortRegistry Registry => PortRegistry.Open(new PortRegistryOptions { Directory = _directory.Path });
}

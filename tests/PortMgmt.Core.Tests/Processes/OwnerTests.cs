using PortMgmt.Leases;
using Xunit;

namespace PortMgmt.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class OwnerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [SkippableFact]
    public void Lease_OfProcessWithChild_EndsWithTheProcessThatAsked()
    {
        Needs.Linux();
        using var owner = TestChild.Lease(_directory.Path);
        int port = owner.DoForNumber("take name=parent");
        int heir = owner.DoForNumber("spawn");
        try
        {
            Assert.Equal(owner.Id, Assert.Single(Leases()).OwnerProcessId);
            owner.Kill();

            Assert.True(Directory.Exists($"/proc/{heir}"));
            Assert.Equal(PortLeaseState.Stale, Assert.Single(Leases()).State);
            Assert.Equal(port, Assert.Single(Registry.Sweep()).Port);
        }
        finally
        {
            TestChild.Signal(heir, UnixSignal.Kill);
        }
    }

    [SkippableFact]
    public void Lease_ChildOfOwnerEnds_Holds()
    {
        Needs.Linux();
        using var owner = TestChild.Lease(_directory.Path);
        owner.Do("take name=parent");
        TestChild.Signal(owner.DoForNumber("spawn"), UnixSignal.Kill);

        Assert.Equal(PortLeaseState.Active, Assert.Single(Leases()).State);
        Assert.Empty(Registry.Sweep());
    }

    [SkippableFact]
    public void Lease_OwnerDeadButNotReaped_IsStale()
    {
        Needs.Linux();
        using var parent = TestChild.Lease(_directory.Path, Launcher.NeverReaped);
        int owner = parent.DoForNumber("id");
        int port = parent.DoForNumber("take name=undead");
        Assert.NotEqual(parent.Id, owner);
        Assert.Equal(PortLeaseState.Active, Assert.Single(Leases()).State);

        TestChild.Signal(owner, UnixSignal.Kill);
        Eventually.IsTrue(() => ProcessState.IsZombie(owner));

        // Its first thread is a zombie before the others have ended, and until then the process lives.
        Eventually.IsTrue(() => Assert.Single(Leases()).State == PortLeaseState.Stale);
        Assert.True(ProcessState.IsZombie(owner));
        Assert.Equal(port, Assert.Single(Registry.Sweep()).Port);
    }

    [SkippableFact]
    public void Lease_OwnerStopped_Holds()
    {
        Needs.Linux();
        using var owner = TestChild.Lease(_directory.Path);
        owner.Do("take name=stopped");
        owner.Stop();

        Assert.Equal(PortLeaseState.Active, Assert.Single(Leases()).State);
        Assert.Empty(Registry.Sweep());
    }

    private PortRegistry Registry => PortRegistry.Open(new PortRegistryOptions { Directory = _directory.Path });

    private IReadOnlyList<PortLease> Leases() => Registry.GetLeases();
}

using System.Net;
using System.Net.Sockets;
using PortMgmt.Leases;
using PortMgmt.Platform;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class RemovedDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Acquire_DirectoryRemovedBetweenCalls_MakesItAnew()
    {
        using var child = TestChild.Lease(RegistryPath);
        child.Do("take name=before");
        Directory.Delete(RegistryPath, recursive: true);

        int port = child.DoForNumber("take name=after");

        Assert.Equal(port, Assert.Single(Open().GetLeases()).Port);
    }

    [Fact]
    public void GetLeases_DirectoryRemoved_GivesNone()
    {
        using var child = TestChild.Lease(RegistryPath);
        child.Do("take name=before");
        Directory.Delete(RegistryPath, recursive: true);

        Assert.Equal("", child.Do("list"));
        Assert.False(Directory.Exists(RegistryPath));
    }

    [Fact]
    public void Acquire_DirectoryRemovedWhileAPortIsBound_RefusesThatPortAndLeasesOthersAgain()
    {
        using var child = TestChild.Lease(RegistryPath);
        int bound = child.DoForNumber("take name=bound");
        int unbound = child.DoForNumber("take name=unbound");
        using var listener = new TcpListener(IPAddress.Any, bound);
        listener.Start();
        Directory.Delete(RegistryPath, recursive: true);

        PortRegistry anew = Open();
        Assert.Empty(anew.GetLeases());
        Assert.Equal(
            PortRegistryErrorCode.PortUnavailable,
            Assert.Throws<PortRegistryException>(() => anew.Acquire(new PortLeaseRequest { Name = "other", Port = bound })).Code);
        Assert.Equal(unbound, anew.Acquire(new PortLeaseRequest { Name = "other", Port = unbound }).Port);
    }

    [SkippableFact]
    public void Acquire_DirectoryRemovedWhileItWaits_DoesNotTrustTheOldLock()
    {
        Needs.Linux();
        using var oldHolder = TestChild.Hold(RegistryPath);
        using var child = TestChild.Lease(RegistryPath);
        child.Input.WriteLine("take name=web");
        child.Input.Flush();
        Eventually.IsTrue(() => HostPlatform.Current.GetLockUsers(LockFile).Waiters.Contains(child.Id));
        Directory.Delete(RegistryPath, recursive: true);
        using var newHolder = TestChild.Hold(RegistryPath);

        // Now the child gets the lock of a file that is no more, and must queue for that of the new one.
        oldHolder.End();
        Eventually.IsTrue(() => HostPlatform.Current.GetLockUsers(LockFile).Waiters.Contains(child.Id));
        newHolder.End();

        Assert.StartsWith("ok", child.Output.ReadLine(), StringComparison.Ordinal);
        Assert.Equal(child.Id, Assert.Single(Open().GetLeases()).OwnerProcessId);
    }

    private string RegistryPath => _directory["registry"];

    private string LockFile => Path.Combine(RegistryPath, "leases.lock");

    private PortRegistry Open() => PortRegistry.Open(new PortRegistryOptions { Directory = RegistryPath });
}

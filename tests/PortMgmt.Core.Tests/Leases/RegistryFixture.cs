using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Clocks;
using Xunit;

namespace PortMgmt.Core.Tests.Leases;

/// <summary>A registry in a directory of its own, on a host and a clock that the test moves. Gone when disposed of.</summary>
internal sealed class RegistryFixture : IDisposable
{
    /// <summary>A process that owns leases in these tests.</summary>
    public const int Owner = 4711;

    private readonly TemporaryDirectory _directory = new();

    public RegistryFixture()
    {
        Platform.Start(Owner, 555);
        Registry = Open();
    }

    public string Directory => _directory.Path;

    public FakePlatform Platform { get; } = new();

    public RegistryClock Clock { get; } = new();

    public PortRegistry Registry { get; }

    public string TableFile => Path.Combine(Directory, $"leases-{Platform.InstanceId}.table");

    public string LockFile => Path.Combine(Directory, "leases.lock");

    public string PolicyFile => Path.Combine(Directory, "policy.json");

    /// <summary>The registry again, as another program would open it.</summary>
    public PortRegistry Open(TimeSpan? lockTimeout = null) => Open(Platform, lockTimeout);

    public PortRegistry Open(HostPlatform platform, TimeSpan? lockTimeout = null) => PortRegistry.Open(
        platform,
        new PortRegistryOptions { Directory = Directory, TimeProvider = Clock, LockTimeout = lockTimeout ?? TimeSpan.FromSeconds(60), LockStallTimeout = TimeSpan.FromSeconds(60) });

    public PortLease Lease(string? name = null, int port = 0, PortProtocol protocol = PortProtocol.Tcp, int owner = Owner, TimeSpan? time = null) =>
        Registry.Acquire(new PortLeaseRequest { Name = name, Port = port, Protocol = protocol, Owner = PortLeaseOwner.Process(owner), TimeToLive = time });

    /// <summary>Opens the table itself, under the lock, as a session does.</summary>
    public void WithTable(Action<LeaseTable> work)
    {
        using SafeFileHandle file = Platform.OpenFile(LockFile)!;
        Assert.True(Platform.Lock(file, LockWait.For(TimeSpan.FromSeconds(60)), CancellationToken.None));
        using LeaseTable table = LeaseTable.Open(Platform, TableFile)!;
        work(table);
    }

    /// <summary>Writes over the table's bytes.</summary>
    public void Overwrite(long offset, params byte[] bytes)
    {
        using SafeFileHandle file = File.OpenHandle(TableFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, bytes, offset);
    }

    public byte[] ReadTable(long offset, int length)
    {
        using SafeFileHandle file = File.OpenHandle(TableFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[length];
        RandomAccess.Read(file, bytes, offset);
        return bytes;
    }

    public void FlipBit(long offset, int bit = 0) => Overwrite(offset, (byte)(ReadTable(offset, 1)[0] ^ (1 << bit)));

    /// <summary>Expects a refusal, and gives it.</summary>
    public static PortRegistryException Refused(PortRegistryErrorCode code, Action call)
    {
        PortRegistryException refusal = Assert.Throws<PortRegistryException>(call);
        Assert.True(refusal.Code == code, $"{code} was expected, not {refusal.Code}: {refusal.Message}");
        return refusal;
    }

    public void Dispose() => _directory.Dispose();
}

using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>Between calls there is nothing: no open file, no thread, no timer. Seen from outside, so nothing else runs beside it.</summary>
[Collection(nameof(Alone))]
public sealed class IdleTests : IDisposable
{
    private readonly RegistryFixture _host = new();

    public IdleTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc shows what a process has open");

    [Fact]
    public void Calls_OfEveryKind_LeaveNothingOpen()
    {
        _host.Platform.BindsForReal = true;
        CallEverything();
        int before = CountOpen();

        for (int i = 0; i < 100; i++)
        {
            CallEverything();
        }

        Assert.Equal(before, CountOpen());
        Assert.Equal(0, CountThreads());
        Assert.Equal(0, _host.Clock.TimersMade);
    }

    [Fact]
    public void Calls_ThatFail_LeaveNothingOpen()
    {
        FailEverything();
        int before = CountOpen();

        // One that is left open is seen after any round, and each reads and writes a whole table.
        for (int i = 0; i < 5; i++)
        {
            FailEverything();
        }

        Assert.Equal(before, CountOpen());
    }

    [Fact]
    public void Acquire_WaitGivenUp_LeavesNothingOnceTheLockIsFree()
    {
        _host.Lease();
        int before = CountOpen();
        PortRegistry impatient = _host.Open(TimeSpan.FromMilliseconds(10));
        using (SafeFileHandle held = _host.Platform.OpenFile(_host.LockFile)!)
        {
            Assert.True(_host.Platform.Lock(held, LockWait.For(TimeSpan.FromSeconds(60)), CancellationToken.None));
            for (int i = 0; i < 5; i++)
            {
                RegistryFixture.Refused(PortRegistryErrorCode.RegistryLocked, () => impatient.Acquire("web"));
            }
        }

        Assert.True(SpinWait.SpinUntil(() => CountThreads() == 0 && CountOpen() == before, TimeSpan.FromSeconds(60)));
        _host.Lease();
    }

    public void Dispose() => _host.Dispose();

    private void CallEverything()
    {
        PortRegistry registry = _host.Open();
        using PortLease lease = registry.Acquire(new PortLeaseRequest { Name = "web", Protocol = PortProtocol.Both });
        registry.Renew(lease, TimeSpan.FromHours(1));
        registry.GetLeases();
        registry.GetLeases(new PortLeaseFilter { Name = "web" });
        registry.GetLease(lease.Token!);
        registry.Test(lease.Port);
        registry.SetPolicy(new PortPolicy());
        registry.GetPolicy();
        registry.GetStatus();
        registry.Sweep();
    }

    private void FailEverything()
    {
        using PortLease lease = _host.Lease("web", 20000);
        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("api", 20000));
        RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Registry.Acquire(new PortLeaseRequest { Range = new PortRange(20000, 20000) }));
        Assert.ThrowsAny<OperationCanceledException>(() => _host.Registry.Acquire("web", new CancellationToken(canceled: true)));
        _host.FlipBit(TableLayout.SlotOffset(20000) + 40);
        _host.FlipBit(TableLayout.SlotOffset(20000) + SlotCodec.CopyLength + 40);
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.Sweep());
    }

    /// <summary>Files of the registry and sockets that this process has open.</summary>
    private int CountOpen() => Directory.GetFiles("/proc/self/fd")
        .Select(path => new FileInfo(path).LinkTarget ?? "")
        .Count(target => target.StartsWith(_host.Directory, StringComparison.Ordinal) || target.Contains("socket:", StringComparison.Ordinal));

    private static int CountThreads() => Directory.GetDirectories("/proc/self/task").Count(IsOurs);

    private static bool IsOurs(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith("portmgmt", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It ended between the list and the look.
            return false;
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases;
using PortMgmt.Platform;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>Threads on one registry object and on several, waiting for the lock, and giving up.</summary>
public sealed class ConcurrencyTests : IDisposable
{
    private readonly RegistryFixture _host = new();

    [Theory]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(16, false)]
    [InlineData(16, true)]
    public void Acquire_ManyThreads_HandsOutNoPortTwiceAndLosesNone(int threads, bool oneObject)
    {
        const int Each = 50;
        var ports = new ConcurrentBag<int>();
        RunThreads(threads, _ =>
        {
            PortRegistry registry = oneObject ? _host.Registry : _host.Open();
            for (int i = 0; i < Each; i++)
            {
                ports.Add(registry.Acquire("web").Port);
            }
        });

        Assert.Equal(threads * Each, ports.Distinct().Count());
        Assert.Equal(ports.Order(), _host.Registry.GetLeases().Select(lease => lease.Port));
    }

    [Fact]
    public void AcquireAndDispose_ManyThreads_NeverHoldOnePortAtOnce()
    {
        var held = new ConcurrentDictionary<int, int>();
        RunThreads(16, thread =>
        {
            for (int i = 0; i < 100; i++)
            {
                var request = new PortLeaseRequest { Range = new PortRange(20000, 20049), Count = 1 + (i % 3), Protocol = PortProtocol.Both };
                IReadOnlyList<PortLease> leases = _host.Registry.AcquireMany(request);
                foreach (PortLease lease in leases)
                {
                    Assert.True(held.TryAdd(lease.Port, thread), $"port {lease.Port} is held twice");
                }

                foreach (PortLease lease in leases)
                {
                    held.TryRemove(lease.Port, out int _);
                    lease.Dispose();
                }
            }
        });

        Assert.Empty(_host.Registry.GetLeases());
    }

    [Fact]
    public void Acquire_ManyThreadsMakeTheRegistry_MakeOne()
    {
        RunThreads(16, _ => _host.Open().Acquire("web"));

        Assert.Equal(16, _host.Registry.GetLeases().Count);
        Assert.Equal(2, Directory.GetFiles(_host.Directory).Length);
    }

    [Fact]
    public void Acquire_CancelledBefore_DoesNothing()
    {
        Assert.ThrowsAny<OperationCanceledException>(() => _host.Registry.Acquire("web", new CancellationToken(canceled: true)));

        Assert.Empty(_host.Registry.GetLeases());
    }

    [Fact]
    public void Acquire_CancelledWhileItWaits_GivesUpAndTheNextCallWorks()
    {
        using (Hold())
        {
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            Assert.ThrowsAny<OperationCanceledException>(() => _host.Registry.Acquire("web", cancel.Token));
        }

        Assert.Equal("web", _host.Registry.Acquire("web").Name);
        Assert.Single(_host.Registry.GetLeases());
    }

    [Fact]
    public void Acquire_LockedBeyondTheDeadline_FailsAndTheNextCallWorks()
    {
        PortRegistry registry = _host.Open(TimeSpan.FromMilliseconds(50));
        using (Hold())
        {
            PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.RegistryLocked, () => registry.Acquire("web"));
            Assert.Contains("not change hands", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal("web", _host.Registry.Acquire("web").Name);
        Assert.Single(_host.Registry.GetLeases());
    }

    [Fact]
    public async Task Acquire_LockComesFreeInTime_Succeeds()
    {
        SafeFileHandle held = Hold();
        Task<PortLease> waiting = Task.Run(() => _host.Registry.Acquire("web"));
        await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(100)));
        Assert.False(waiting.IsCompleted);
        held.Dispose();

        Assert.Equal("web", (await waiting.WaitAsync(TimeSpan.FromSeconds(60))).Name);
    }

    public void Dispose() => _host.Dispose();

    private SafeFileHandle Hold()
    {
        if (!File.Exists(_host.LockFile))
        {
            _host.Platform.CreateFile(_host.LockFile, shared: false);
        }

        SafeFileHandle file = _host.Platform.OpenFile(_host.LockFile)!;
        Assert.True(_host.Platform.Lock(file, LockWait.For(TimeSpan.FromSeconds(60)), CancellationToken.None));
        return file;
    }

    private static void RunThreads(int count, Action<int> work)
    {
        var failures = new ConcurrentBag<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            try
            {
                work(number);
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Empty(failures);
    }
}

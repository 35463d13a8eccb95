using System.Globalization;
using PortMgmt.Leases;
using PortMgmt.Platform;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Processes;
using Xunit;

namespace PortMgmt.Core.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class LockHolderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Acquire_LockHolderStopped_FailsNamingItAndSucceedsWhenItContinues()
    {
        Needs.Linux();
        using var holder = TestChild.Hold(_directory.Path);
        holder.Stop();

        PortRegistryException failure = Assert.Throws<PortRegistryException>(() => Open(TimeSpan.FromMilliseconds(300)).Acquire("web"));
        Assert.Equal(PortRegistryErrorCode.RegistryLocked, failure.Code);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {holder.Id} "), failure.Message, StringComparison.Ordinal);

        // The stopped process finds the end of its input only when it goes on.
        holder.Input.Close();
        holder.Continue();
        using PortLease lease = Open(TimeSpan.FromMinutes(1)).Acquire("web");
    }

    [Fact]
    public void Acquire_OthersWaitAsWell_SaysHowMany()
    {
        Needs.Linux();
        using var holder = TestChild.Hold(_directory.Path);
        using var waiter = TestChild.Lease(_directory.Path);
        waiter.Input.WriteLine("take name=waiter");
        waiter.Input.Flush();
        Eventually.IsTrue(() => HostPlatform.Current.GetLockUsers(LockFile).Waiters.Contains(waiter.Id));

        PortRegistryException failure = Assert.Throws<PortRegistryException>(() => Open(TimeSpan.FromMilliseconds(100)).Acquire("web"));

        Assert.Matches($@"is locked by process {holder.Id} \(for [0-9.]+ seconds\), with one other waiting, and in 0\.\d+ seconds the lock did not change hands", failure.Message);
    }

    [Fact]
    public async Task Acquire_LockHolderKilled_SucceedsAtOnce()
    {
        using var holder = TestChild.Hold(_directory.Path);
        Task<PortLease> waiting = Task.Run(() => Open(TimeSpan.FromMinutes(1)).Acquire("web"));

        holder.Kill();

        using PortLease lease = await waiting;
        Assert.NotEqual(0, lease.Port);
    }

    [Fact]
    public async Task Acquire_WithoutDeadline_WaitsAsLongAsTheHolderHoldsIt()
    {
        Needs.Linux();
        using var holder = TestChild.Hold(_directory.Path);
        Task<PortLease> waiting = Task.Run(() => Open(Timeout.InfiniteTimeSpan).Acquire("web"));
        Eventually.IsTrue(() => waiting.IsCompleted || HostPlatform.Current.GetLockUsers(LockFile).Waiters.Contains(Environment.ProcessId));

        holder.End();

        using PortLease lease = await waiting;
        Assert.NotEqual(0, lease.Port);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Acquire_WaitGivenUp_LeavesNoLockWhenTheHolderGoesOn(bool cancelled)
    {
        Needs.Linux();
        using var holder = TestChild.Hold(_directory.Path);
        holder.Stop();
        if (cancelled)
        {
            using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            Assert.ThrowsAny<OperationCanceledException>(() => Open(TimeSpan.FromMinutes(1)).Acquire("web", source.Token));
        }
        else
        {
            Assert.Throws<PortRegistryException>(() => Open(TimeSpan.FromMilliseconds(100)).Acquire("web"));
        }

        holder.Input.Close();
        holder.Continue();

        using var other = TestChild.Lease(_directory.Path);
        other.Do("take name=other");
        Assert.Single(Open(TimeSpan.FromMinutes(1)).GetLeases());
        Eventually.IsTrue(() => HostPlatform.Current.GetLockUsers(LockFile) is (null, { Count: 0 }) && !ProcessState.OpenFiles(Environment.ProcessId).Contains(LockFile));
    }

    [Fact]
    public async Task GetStatus_OthersWait_NamesHolderAndWaiters()
    {
        Needs.Linux();
        using var holder = TestChild.Hold(_directory.Path);
        using var waiter = TestChild.Lease(_directory.Path);
        waiter.Input.WriteLine("take name=waiter");
        waiter.Input.Flush();
        Eventually.IsTrue(() => HostPlatform.Current.GetLockUsers(LockFile).Waiters.Contains(waiter.Id));

        Task<PortRegistryStatus> status = Task.Run(() => Open(TimeSpan.FromMinutes(1)).GetStatus());
        Eventually.IsTrue(() => HostPlatform.Current.GetLockUsers(LockFile).Waiters.Count == 2);
        holder.End();

        Assert.Equal(holder.Id, (await status).LockHolder);
        Assert.Equal([waiter.Id], (await status).LockWaiters);
    }

    private string LockFile => _directory["leases.lock"];

    private PortRegistry Open(TimeSpan lockTimeout) =>
        PortRegistry.Open(new PortRegistryOptions { Directory = _directory.Path, LockTimeout = lockTimeout });
}

using System.Runtime.Versioning;
using PortMgmt.Leases;
using PortMgmt.Platform;
using PortMgmt.Platform.Linux;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Processes;
using Xunit;

namespace PortMgmt.Core.Tests.Processes;

/// <summary>The fair queue in front of the registry's lock, between processes and between threads.</summary>
[Collection(ProcessTests.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class LockQueueTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryDirectory _directory = new();

    public LockQueueTests() => Needs.Linux();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Enter_NobodyWaitsAndNoneIsToBeOpened_IsNoQueue() => AssertNoQueue();

    [Fact]
    public void Enter_AnotherHasTheTurn_WaitsNoLongerThanAllowed()
    {
        using LinuxLockQueue first = Enter()!;

        Assert.Null(LinuxLockQueue.Enter(LockFile, shared: false, open: false, LockWait.For(Short), CancellationToken.None));
    }

    [Fact]
    public void Dispose_NobodyWaits_LeavesNothingBehind()
    {
        Enter()!.Dispose();

        AssertNoQueue();
    }

    [Fact]
    public void Enter_ThreeWaitOneAfterAnother_AllHaveTheirTurnInThatOrder()
    {
        List<int> order = [];
        List<Thread> waiting = [];
        LinuxLockQueue first = Enter()!;
        for (int i = 1; i <= 3; i++)
        {
            int number = i;
            var thread = new Thread(() =>
            {
                using LinuxLockQueue? turn = EnterInTheEnd();
                order.Add(number);
            });
            thread.Start();
            waiting.Add(thread);
            Eventually.IsTrue(() => first.Waiters == number);
        }

        first.Dispose();
        waiting.ForEach(thread => thread.Join());

        Assert.Equal([1, 2, 3], order);
        AssertNoQueue();
    }

    [Fact]
    public void Enter_ProcessWithTheTurnKilled_IsNext()
    {
        using var holder = TestChild.TakeTurn(LockFile);
        Assert.Null(LinuxLockQueue.Enter(LockFile, shared: false, open: false, LockWait.For(Short), CancellationToken.None));

        holder.Kill();

        using LinuxLockQueue? next = EnterInTheEnd();
        Assert.NotNull(next);
    }

    [Fact]
    public void Acquire_ProcessWithTheTurnStopped_GoesPastItAndClearsTheQueueAway()
    {
        using var holder = TestChild.TakeTurn(LockFile);
        holder.Stop();

        using PortLease lease = PortRegistry.Open(new PortRegistryOptions { Directory = _directory.Path, LockTimeout = Long }).Acquire("web");

        Assert.NotEqual(0, lease.Port);
        AssertNoQueue();

        // What it left is not its own any more.
        using LinuxLockQueue next = Enter()!;
        holder.Continue();
        holder.End();
        Assert.Null(LinuxLockQueue.Enter(LockFile, shared: false, open: false, LockWait.For(Short), CancellationToken.None));
    }

    [Fact]
    public void Acquire_AfterAProcessDiedInTheQueue_ClearsTheQueueAway()
    {
        using (var holder = TestChild.TakeTurn(LockFile))
        {
            holder.Kill();
        }

        using PortLease lease = PortRegistry.Open(new PortRegistryOptions { Directory = _directory.Path, LockTimeout = Long }).Acquire("web");

        AssertNoQueue();
    }

    [Fact]
    public void Enter_QueueOfAnotherUser_IsNotJoined()
    {
        Needs.RootAnd("setpriv");
        Needs.ReachableTests();
        using var other = TestChild.TakeTurn(LockFile, Launcher.AsUser(Launcher.Nobody));

        Assert.Null(LinuxLockQueue.Enter(LockFile, shared: false, open: true, LockWait.For(Long), CancellationToken.None));
    }

    [Fact]
    public void Dispose_QueueMadeByAnotherUser_LetsTheNextOneInThoughItCannotBeRemoved()
    {
        Needs.RootAnd("setpriv");
        Needs.ReachableTests();
        using (var maker = TestChild.TakeTurn(LockFile, Launcher.AsUser(Launcher.Nobody), shared: true))
        {
            maker.Kill();
        }

        using var second = TestChild.TakeTurn(LockFile, Launcher.AsUser(Launcher.Somebody), shared: true);

        second.Input.WriteLine();
        second.Input.Flush();
        Assert.Equal("left", second.Output.ReadLine());

        // The second one lives, and has left the queue that it could not clear away.
        using var next = LinuxLockQueue.Enter(LockFile, shared: true, open: false, LockWait.For(Long), CancellationToken.None);
        Assert.NotNull(next);
    }

    private string LockFile => _directory["leases.lock"];

    private LinuxLockQueue? Enter() => LinuxLockQueue.Enter(LockFile, shared: false, open: true, LockWait.For(Long), CancellationToken.None);

    /// <summary>Enters however long a busy machine takes for it.</summary>
    private LinuxLockQueue? EnterInTheEnd()
    {
        LinuxLockQueue? turn = null;
        Eventually.IsTrue(() => (turn = Enter()) is not null);
        return turn;
    }

    /// <summary>A queue that is there and free would be entered at once.</summary>
    private void AssertNoQueue() => Assert.Null(LinuxLockQueue.Enter(LockFile, shared: false, open: false, LockWait.For(Long), CancellationToken.None));
}

using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Dispatching;
using Xunit;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

public sealed class DeferredActionsTests
{
    private readonly List<string> _done = [];

    [Fact]
    public void Run_Nothing_DoesNothing()
    {
        DeferredActions<int> deferred = default;
        deferred.Grant(null);
        deferred.Wake(null);

        Run(deferred);

        Assert.Empty(_done);
    }

    [Fact]
    public void Run_Everything_StopsFirstThenPermitsLanesEndsAndWhoLeft()
    {
        using CancellationTokenSource cancellation = new();
        DeferredActions<int> deferred = default;
        deferred.Retire();
        deferred.End(() => _done.Add("end 1"));
        deferred.End(() => _done.Add("end 2"));
        deferred.Wake(FakeHost.CreateSlot(7));
        deferred.Grant(new Waiter(() => _done.Add($"permit 1, cancelled: {cancellation.IsCancellationRequested}")));
        deferred.Grant(new Waiter(() => _done.Add("permit 2")));
        deferred.Grant(new Waiter(() => _done.Add("permit 3")));
        deferred.Cancel(cancellation);

        Assert.Empty(_done);
        Run(deferred);

        Assert.Equal(["permit 1, cancelled: True", "permit 2", "permit 3", "wake 7", "end 1", "end 2", "retire"], _done);
    }

    [Fact]
    public void Wake_ThatOfNobodyAfterwards_IsTheLastWord()
    {
        DeferredActions<int> deferred = default;
        deferred.Wake(FakeHost.CreateSlot(1));
        deferred.Wake(null);

        Run(deferred);

        Assert.Empty(_done);
    }

    [Fact]
    public void Default_WakeAndGrant_AllocateNothing()
    {
        WorkerSlot<int> slot = FakeHost.CreateSlot(1);
        Waiter waiter = new(static () => { });
        Action<WorkerSlot<int>> wake = static _ => { };
        Action retire = static () => { };
        Once();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Once();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Once()
        {
            DeferredActions<int> deferred = default;
            deferred.Wake(slot);
            deferred.Grant(waiter);
            deferred.Retire();
            deferred.Run(wake, retire);
        }
    }

    private void Run(in DeferredActions<int> deferred) => deferred.Run(slot => _done.Add($"wake {slot.Number}"), () => _done.Add("retire"));

    private sealed class Waiter(Action granted) : IPermitWaiter
    {
        public void OnPermitGranted() => granted();
    }
}

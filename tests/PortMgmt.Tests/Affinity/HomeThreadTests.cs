using PortMgmt.PowerShell.Affinity;
using Xunit;

namespace PortMgmt.Tests.Affinity;

public sealed class HomeThreadTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(2);

    private readonly TurnGate _gate = TurnGate.Of(new object());

    [Fact]
    public void Run_NobodyAttends_Fails() =>
        Assert.Throws<InvalidOperationException>(() => _gate.Home.Run(new HomeCall(static () => { }, static () => null, static value => value)));

    [Fact]
    public async Task Leave_LastThatAttends_EndsTheCallThatWaits()
    {
        using var woken = new ManualResetEventSlim();
        Action wake = woken.Set;
        _gate.Home.Attend(wake);
        var call = new HomeCall(static () => { }, static () => null, static value => value);
        var run = Task.Run(() => _gate.Home.Run(call));
        Assert.True(woken.Wait(WaitTimeout));

        _gate.Home.Leave(wake);

        await run.WaitAsync(WaitTimeout);
        Assert.IsType<InvalidOperationException>(call.Failure);
        Assert.False(_gate.Home.IsAttended);
    }

    [Fact]
    public async Task Stop_BeforeItBegins_EndsTheWaitAndKeepsItFromBeginning()
    {
        using var woken = new ManualResetEventSlim();
        _gate.Home.Attend(woken.Set);
        bool hasRun = false;
        var call = new HomeCall(static () => { }, () => hasRun = true, static value => value);
        var run = Task.Run(() => _gate.Home.Run(call));
        Assert.True(woken.Wait(WaitTimeout));

        call.Stop();

        await run.WaitAsync(WaitTimeout);
        Assert.True(_gate.Home.RunPending());
        Assert.False(_gate.Home.RunPending());
        Assert.False(hasRun);
    }

    [Fact]
    public void Borrow_TurnOfAnotherThread_IsTheBorrowersUntilItIsGivenBack()
    {
        Assert.True(_gate.TryEnter(null));
        int lender = OnAnotherThread(() =>
        {
            int from = _gate.Borrow();
            Assert.True(_gate.TryEnter(new object()));
            _gate.Leave();
            Assert.True(_gate.IsHeldHere);
            _gate.GiveBack(from);
            return from;
        });

        Assert.Equal(Environment.CurrentManagedThreadId, lender);
        Assert.False(OnAnotherThread(() => _gate.TryEnter(null)));
        _gate.Leave();
        Assert.True(OnAnotherThread(() => _gate.TryEnter(null)));
    }

    private static T OnAnotherThread<T>(Func<T> call)
    {
        T result = default!;
        var thread = new Thread(() => result = call());
        thread.Start();
        thread.Join();
        return result;
    }
}

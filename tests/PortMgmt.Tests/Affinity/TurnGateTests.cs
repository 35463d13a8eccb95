using PortMgmt.PowerShell.Affinity;
using Xunit;

namespace PortMgmt.Tests.Affinity;

public sealed class TurnGateTests
{
    private readonly TurnGate _gate = TurnGate.Of(new object());

    [Fact]
    public void TryEnter_WhileAnotherThreadHasItsTurn_Fails()
    {
        Assert.True(_gate.TryEnter(null));

        Assert.False(OnAnotherThread(() => _gate.TryEnter(null)));
        _gate.Leave();
        Assert.True(OnAnotherThread(() => _gate.TryEnter(null)));
    }

    [Fact]
    public void TryEnter_WithinItsOwnTurn_NeedsAsManyLeaves()
    {
        Assert.True(_gate.TryEnter(null));
        Assert.True(_gate.TryEnter(new object()));
        _gate.Leave();

        Assert.True(_gate.IsHeldHere);
        Assert.False(OnAnotherThread(() => _gate.TryEnter(null)));
        _gate.Leave();
        Assert.False(_gate.IsHeldHere);
    }

    [Fact]
    public void TryEnter_ObjectThatNobodyElseHas_NeedNotWaitForOthers()
    {
        object own = new();
        Assert.True(_gate.TryEnter(null));

        Assert.True(OnAnotherThread(() => _gate.TryEnter(own)));
        Assert.True(OnAnotherThread(() => _gate.TryEnter(new object())));
    }

    [Fact]
    public void TryEnter_ObjectInWhichAnotherThreadIs_Fails()
    {
        object own = new();
        Assert.True(_gate.TryEnter(own));
        Assert.True(_gate.TryEnter(own));
        _gate.Leave();

        Assert.False(OnAnotherThread(() => _gate.TryEnter(own)));
        _gate.Leave();
        Assert.True(OnAnotherThread(() => _gate.TryEnter(own)));
    }

    private static bool OnAnotherThread(Func<bool> call)
    {
        bool result = false;
        var thread = new Thread(() => result = call());
        thread.Start();
        thread.Join();
        return result;
    }
}

using PortMgmt.Operations;
using PortMgmt.Operations.Dispatching;
using Xunit;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

public sealed class RunningAttemptTests
{
    private readonly RunningAttempt<int> _attempt = new();
    private readonly Operation<int> _operation = new(1);

    [Fact]
    public void Begin_CountsTheAttemptAndShowsIt()
    {
        Assert.Null(_attempt.Present);

        _attempt.Begin(_operation);

        Assert.Equal(1, _operation.Attempts);
        Assert.Same(_operation, _attempt.Current);
        Assert.Equal((_operation, 1), _attempt.Present);
    }

    [Fact]
    public void End_Running_IsTheWorkersOwn()
    {
        _attempt.Begin(_operation);
        CancellationToken token = _attempt.Token;

        Assert.Equal(OperationPhase.Running, _attempt.End(_operation));

        Assert.Null(_attempt.Current);
        Assert.Null(_attempt.Present);
        Assert.Equal(token, _attempt.Token);
    }

    [Theory]
    [InlineData(OperationPhase.TimeUp)]
    [InlineData(OperationPhase.Stopping)]
    public void End_Interrupted_TellsWhyAndTheNextHasATokenOfItsOwn(int phase)
    {
        _attempt.Begin(_operation);
        CancellationToken token = _attempt.Token;

        Assert.True(_attempt.TryInterrupt(_operation, phase, out CancellationTokenSource cancellation));
        Assert.False(_attempt.TryInterrupt(_operation, phase, out _));
        cancellation.Cancel();

        Assert.True(token.IsCancellationRequested);
        Assert.Equal(phase, _attempt.End(_operation));
        Assert.False(_attempt.Token.IsCancellationRequested);
    }

    [Fact]
    public void End_GivenUp_ComesTooLate()
    {
        _attempt.Begin(_operation);
        _attempt.TryInterrupt(_operation, OperationPhase.Stopping, out _);

        Assert.True(RunningAttempt<int>.TryGiveUp(_operation, _operation.State));

        Assert.Null(_attempt.Present);
        Assert.Equal(OperationPhase.Ended, _attempt.End(_operation));
    }

    [Fact]
    public void End_GivenUpAndBegunElsewhere_LeavesTheOtherAttemptAlone()
    {
        RunningAttempt<int> other = new();
        _attempt.Begin(_operation);
        RunningAttempt<int>.TryGiveUp(_operation, _operation.State);
        other.Begin(_operation);

        Assert.Equal(OperationPhase.Ended, _attempt.End(_operation));

        Assert.Equal((_operation, 2), other.Present);
        Assert.Equal(OperationPhase.Running, other.End(_operation));
    }

    [Fact]
    public void TryGiveUp_EndedMeanwhile_IsTooLate()
    {
        _attempt.Begin(_operation);
        int seen = _operation.State;
        _attempt.End(_operation);

        Assert.False(RunningAttempt<int>.TryGiveUp(_operation, seen));
    }
}

using PortMgmt.Operations;
using PortMgmt.TestKit.Clocks;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class TimeoutTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly TimerCountingClock _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public async Task Timeout_RunningBeyondIt_TokenIsCancelledAndResultSaysTimedOut()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(new Operation<int>(1) { Id = "slow" });
        OperationLane<int, int> lane = _workers.TakeWoken();
        Assert.True(lane.TryNext(out _));
        CancellationToken token = lane.Token;

        _clock.Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(token.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await BatchExtensions.EventuallyAsync(() => token.IsCancellationRequested);
        lane.Fail(new OperationCanceledException());

        OperationResult<int, int> result = Assert.Single(batch.ReadAvailable());
        Assert.Equal(OperationStatus.TimedOut, result.Status);
        OperationException error = Assert.IsType<OperationException>(result.Error);
        Assert.Equal(OperationErrorCode.OperationTimedOut, error.Code);
        Assert.Contains("'slow'", error.Message, StringComparison.Ordinal);
        Assert.IsType<OperationCanceledException>(error.InnerException);
        Assert.Equal(Limit, result.Duration);
    }

    [Fact]
    public void Succeed_AfterTheTime_IsTimedOutAllTheSame()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(1);
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        _clock.Advance(Limit + TimeSpan.FromSeconds(1));

        lane.Succeed(42);

        OperationResult<int, int> result = Assert.Single(batch.ReadAvailable());
        Assert.Equal(OperationStatus.TimedOut, result.Status);
        Assert.Equal(42, result.Output);
    }

    [Fact]
    public void Timeout_WaitingInTheQueue_DoesNotCount()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(1);
        batch.TryEnqueue(2);
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        _clock.Advance(Limit - TimeSpan.FromMilliseconds(1));
        lane.Succeed(0);
        lane.TryNext(out _);

        _clock.Advance(Limit - TimeSpan.FromMilliseconds(1));
        lane.Succeed(0);

        Assert.All(batch.ReadAvailable(), result => Assert.Equal(OperationStatus.Succeeded, result.Status));
    }

    [Fact]
    public void Timeout_NextOperation_HasAFreshToken()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(1);
        batch.TryEnqueue(2);
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        _clock.Advance(Limit);
        lane.Fail(new OperationCanceledException());

        Assert.True(lane.TryNext(out _));

        Assert.False(lane.Token.IsCancellationRequested);
        lane.Succeed(0);
        Assert.Equal([OperationStatus.TimedOut, OperationStatus.Succeeded], batch.ReadAvailable().Select(result => result.Status));
    }

    [Fact]
    public void Timeout_ExecutorIgnoresItsToken_ResultComesAfterTheGraceAndAnotherWorkerGoesOn()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(1);
        batch.TryEnqueue(2);
        batch.TryEnqueue(3);
        OperationLane<int, int> stuck = _workers.TakeWoken();
        stuck.TryNext(out _);

        _clock.Advance(Limit);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(OperationStatus.TimedOut, Assert.Single(batch.ReadAvailable()).Status);
        Assert.Equal(1, batch.Scheduler.GetHealth().StuckOperations);
        OperationLane<int, int> other = _workers.TakeWoken();
        Assert.NotSame(stuck, other);
        Assert.Equal([2, 3], ManualWorkers.Drain(other));
    }

    [Fact]
    public void Timeout_GivenUpExecutorReturns_ItsResultIsDroppedAndItGetsNoMoreWork()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(1);
        OperationLane<int, int> stuck = _workers.TakeWoken();
        stuck.TryNext(out _);
        _clock.Advance(Limit);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(batch.ReadAvailable());
        batch.TryEnqueue(2);

        stuck.Succeed(1);

        Assert.False(stuck.TryNext(out _));
        Assert.Empty(batch.ReadAvailable());
        Assert.Equal(0, batch.Scheduler.GetHealth().StuckOperations);
        Assert.Equal(1, _workers.Disposed);
    }

    [Fact]
    public void Timeout_GivenUpAttemptIsRetried_LateResultDoesNotEndTheRetry()
    {
        OperationBatch<int, int> batch = Start(new RetryOptions { MaxRetries = 1, BaseDelay = TimeSpan.FromMilliseconds(1) });
        batch.TryEnqueue(1);
        OperationLane<int, int> stuck = _workers.TakeWoken();
        stuck.TryNext(out _);
        _clock.Advance(Limit);
        _clock.Advance(TimeSpan.FromSeconds(2));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        OperationLane<int, int> second = _workers.TakeWoken();
        Assert.True(second.TryNext(out Operation<int>? operation));
        Assert.Equal(2, operation.Attempts);

        stuck.Succeed(111);
        Assert.Empty(batch.ReadAvailable());
        second.Succeed(222);

        OperationResult<int, int> result = Assert.Single(batch.ReadAvailable());
        Assert.Equal((OperationStatus.Succeeded, 222), (result.Status, result.Output));
    }

    [Fact]
    public async Task Timeout_BatchEnded_NoTimerIsSet()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(1);
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        Assert.Equal(1, _clock.PendingTimers);
        lane.Succeed(1);
        lane.TryNext(out _);

        await batch.FinishAsync();

        Assert.Equal(0, _clock.PendingTimers);
    }

    private OperationBatch<int, int> Start(RetryOptions? retry = null)
    {
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            TimeProvider = _clock,
            StopGrace = TimeSpan.FromSeconds(2),
            Settings = new OperationSettings { MaxConcurrent = 1 },
        });
        return scheduler.StartBatch(
            _workers.Make, new OperationBatchOptions<int, int> { Timeout = Limit, Retry = retry ?? RetryOptions.None });
    }
}

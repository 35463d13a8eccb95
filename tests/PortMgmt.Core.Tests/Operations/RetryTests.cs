using PortMgmt.Operations;
using PortMgmt.TestKit.Clocks;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class RetryTests
{
    private readonly TimerCountingClock _clock = new();
    private readonly ManualWorkers _workers = new();
    private double _chance;

    [Fact]
    public void Fail_EachAttempt_WaitsTwiceAsLongUpToTheLongest()
    {
        OperationBatch<int, int> batch = Start(new RetryOptions
        {
            MaxRetries = 4,
            BaseDelay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromMilliseconds(350),
        });
        batch.TryEnqueue(1);
        foreach (int wait in new[] { 100, 200, 350, 350 })
        {
            FailOnce();
            _clock.Advance(TimeSpan.FromMilliseconds(wait - 1));
            Assert.Equal(0, _workers.Woken);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        FailOnce();

        OperationResult<int, int> result = Assert.Single(batch.ReadAvailable());
        Assert.Equal((OperationStatus.Failed, 5), (result.Status, result.Attempts));
    }

    [Fact]
    public void Fail_Chance_TakesItsShareOffTheWait()
    {
        _chance = 0.5;
        OperationBatch<int, int> batch = Start(new RetryOptions { MaxRetries = 1, BaseDelay = TimeSpan.FromMilliseconds(100), Jitter = 0.4 });
        batch.TryEnqueue(1);
        FailOnce();

        _clock.Advance(TimeSpan.FromMilliseconds(79));
        Assert.Equal(0, _workers.Woken);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, _workers.Woken);
    }

    [Fact]
    public void Succeed_OnRetry_IsASuccessWithTwoAttempts()
    {
        OperationBatch<int, int> batch = Start(new RetryOptions { MaxRetries = 3 });
        batch.TryEnqueue(1);
        FailOnce();
        _clock.Advance(TimeSpan.FromSeconds(1));

        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        lane.Succeed(7);

        OperationResult<int, int> result = Assert.Single(batch.ReadAvailable());
        Assert.Equal((OperationStatus.Succeeded, 2, 7), (result.Status, result.Attempts, result.Output));
        Assert.Null(result.Error);
        Assert.Equal(1, batch.Scheduler.GetMetrics().Retries);
    }

    [Fact]
    public void Retry_Waiting_OccupiesNoWorker()
    {
        OperationBatch<int, int> batch = Start(new RetryOptions { MaxRetries = 1 });
        batch.TryEnqueue(1);
        batch.TryEnqueue(2);
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        lane.Fail(new InvalidOperationException());

        Assert.Equal([2], ManualWorkers.Drain(lane));
    }

    [Fact]
    public void ShouldRetry_SaysNo_FirstFailureIsFinal()
    {
        OperationBatch<int, int> batch = Start(new RetryOptions { MaxRetries = 9, ShouldRetry = error => error is TimeoutException });
        batch.TryEnqueue(1);

        FailOnce();

        OperationResult<int, int> result = Assert.Single(batch.ReadAvailable());
        Assert.Equal(1, result.Attempts);
        Assert.IsType<InvalidOperationException>(result.Error);
    }

    [Fact]
    public void ShouldRetry_Throws_FailureIsFinalAndHealthShowsIt()
    {
        OperationBatch<int, int> batch = Start(new RetryOptions { MaxRetries = 9, ShouldRetry = _ => throw new FormatException() });
        batch.TryEnqueue(1);

        FailOnce();

        Assert.IsType<InvalidOperationException>(Assert.Single(batch.ReadAvailable()).Error);
        Assert.Equal(1, batch.Scheduler.GetHealth().ListenerFailures);
    }

    [Fact]
    public void Cancel_WhileWaitingForRetry_EndsAsCancelled()
    {
        OperationBatch<int, int> batch = Start(new RetryOptions { MaxRetries = 1 });
        batch.TryEnqueue(1);
        FailOnce();

        batch.Cancel();

        Assert.Equal(OperationStatus.Cancelled, Assert.Single(batch.ReadAvailable()).Status);
        Assert.True(batch.IsDrained);
        Assert.Equal(0, _clock.PendingTimers);
    }

    [Fact]
    public void DelayBefore_ManyRetries_NeverExceedsTheLongest()
    {
        var options = new RetryOptions { BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromHours(1) };

        Assert.Equal(TimeSpan.FromHours(1), options.DelayBefore(1000, 0));
    }

    private void FailOnce()
    {
        OperationLane<int, int> lane = _workers.TakeWoken();
        Assert.True(lane.TryNext(out _));
        lane.Fail(new InvalidOperationException("no"));
        Assert.False(lane.TryNext(out _));
    }

    private OperationBatch<int, int> Start(RetryOptions retry)
    {
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock, Chance = () => _chance });
        return scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { Retry = retry });
    }
}

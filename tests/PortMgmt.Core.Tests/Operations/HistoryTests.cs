using Microsoft.Extensions.Time.Testing;
using PortMgmt.Metrics;
using PortMgmt.Operations;
using PortMgmt.Operations.History;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class HistoryTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public void History_NothingRan_IsEmpty()
    {
        OperationHistory history = Start().Scheduler.GetHistory();

        Assert.Empty(history.Timeline);
        Assert.Empty(history.Types);
        Assert.Empty(history.Slowest);
        Assert.Empty(history.Failed);
    }

    [Fact]
    public void History_OpenBatch_HasWhatEnded()
    {
        OperationBatch<int, int> batch = Start();
        RunOne(batch, new Operation<int>(7) { Id = "seven", Type = "odd" }, TimeSpan.FromSeconds(2));

        OperationHistory history = batch.Scheduler.GetHistory();

        Assert.Equal(2, history.Timeline.Sum(bucket => bucket.Running * bucket.Duration.TotalSeconds), 6);
        Assert.Equal(1, history.Timeline.Sum(bucket => bucket.Ended));
        OperationTypeCounts type = Assert.Single(history.Types);
        Assert.Equal(("odd", 1L, 1L, 0L, TimeSpan.FromSeconds(2)), (type.Type, type.Ended, type.Ran, type.Failed, type.MeanDuration));
        TopOperation slow = Assert.Single(history.Slowest);
        Assert.Equal(("seven", "7", "odd", OperationStatus.Succeeded), (slow.Id, slow.Label, slow.Type, slow.Status));
        Assert.Equal(TimeSpan.FromSeconds(2), slow.Duration);
    }

    [Fact]
    public void History_BatchEnded_IsKept()
    {
        OperationBatch<int, int> batch = Start();
        RunOne(batch, new Operation<int>(1) { Type = "a" }, TimeSpan.FromSeconds(1));
        batch.Complete();
        batch.ReadAvailable();
        Assert.True(batch.Completion.IsCompleted);

        OperationHistory history = batch.Scheduler.GetHistory();

        Assert.Equal(1, history.Timeline.Sum(bucket => bucket.Ended));
        Assert.Equal("a", Assert.Single(history.Types).Type);
    }

    [Fact]
    public void History_RetriedOperation_EveryAttemptRan()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Retry = new RetryOptions { MaxRetries = 1, BaseDelay = TimeSpan.FromSeconds(1) } });
        batch.TryEnqueue(1);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            OperationLane<int, int> lane = _workers.TakeWoken();
            lane.TryNext(out _);
            _clock.Advance(TimeSpan.FromMilliseconds(30));
            lane.Fail(new InvalidOperationException("no luck"));
            lane.TryNext(out _);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        OperationHistory history = batch.Scheduler.GetHistory();

        Assert.Equal(0.06, history.Timeline.Sum(bucket => bucket.Running * bucket.Duration.TotalSeconds), 6);
        Assert.Equal((1L, 1L), (history.Timeline.Sum(bucket => bucket.Ended), history.Timeline.Sum(bucket => bucket.Failed)));
        Assert.Equal(("no luck", 2), (Assert.Single(history.Failed).Error, history.Failed[0].Attempts));
    }

    [Fact]
    public void History_AnsweredFromTheCache_EndedAndDidNotRun()
    {
        OperationBatch<int, int> batch = Start();
        RunOne(batch, new Operation<int>(1) { Id = "x", Type = "t" }, TimeSpan.FromMilliseconds(10));
        batch.TryEnqueue(new Operation<int>(1) { Id = "x", Type = "t" });

        OperationHistory history = batch.Scheduler.GetHistory();

        Assert.Equal(2, history.Timeline.Sum(bucket => bucket.Ended));
        Assert.Equal((2L, 1L), (history.Types[0].Ended, history.Types[0].Ran));
        Assert.Single(history.Slowest);
    }

    [Fact]
    public void History_ManyOperations_ListsAreBoundedAndHaveTheRightOnes()
    {
        OperationBatch<int, int> batch = Start();
        for (int i = 0; i < 100; i++)
        {
            RunOne(batch, new Operation<int>(i) { Type = $"t{i}" }, TimeSpan.FromMilliseconds(1 + (i * 37 % 100)), fails: i % 2 == 0);
        }

        OperationHistory history = batch.Scheduler.GetHistory();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => TimeSpan.FromMilliseconds(100 - i)), history.Slowest.Select(item => item.Duration));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{98 - (2 * i)}"), history.Failed.Select(item => item.Label));
        Assert.Equal(65, history.Types.Count);
        Assert.Equal((null, 36L), (history.Types[^1].Type, history.Types[^1].Ended));
    }

    [Fact]
    public void History_LabelOfTheCaller_IsCutAndMayThrow()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int>
        {
            Label = input => input == 1 ? new string('x', 5000) : throw new InvalidOperationException(),
        });
        RunOne(batch, new Operation<int>(1), TimeSpan.FromMilliseconds(2));
        RunOne(batch, new Operation<int>(2), TimeSpan.FromMilliseconds(1));

        OperationHistory history = batch.Scheduler.GetHistory();

        Assert.Equal(new string('x', 200) + "…", history.Slowest[0].Label);
        Assert.Null(history.Slowest[1].Label);
        Assert.Equal(1, batch.Scheduler.GetHealth().ListenerFailures);
    }

    [Fact]
    public void History_StoppedBatch_ShowsThatTheRestWaited()
    {
        OperationBatch<int, int> batch = Start();
        for (int i = 0; i < 3; i++)
        {
            batch.TryEnqueue(i);
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        batch.Cancel();

        OperationHistory history = batch.Scheduler.GetHistory();

        Assert.Equal(3, history.Timeline.Sum(bucket => bucket.Waiting * bucket.Duration.TotalSeconds), 6);
        Assert.Equal(0, history.Timeline.Sum(bucket => bucket.Failed));
    }

    private OperationBatch<int, int> Start(OperationBatchOptions<int, int>? options = null) =>
        new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            TimeProvider = _clock,
            Settings = new OperationSettings { MaxConcurrent = 1 },
        }).StartBatch(_workers.Make, options);

    private void RunOne(OperationBatch<int, int> batch, Operation<int> operation, TimeSpan duration, bool fails = false)
    {
        batch.TryEnqueue(operation);
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        _clock.Advance(duration);
        if (fails)
        {
            lane.Fail(new InvalidOperationException());
        }
        else
        {
            lane.Succeed(1);
        }

        lane.TryNext(out _);
        batch.ReadAvailable();
    }
}

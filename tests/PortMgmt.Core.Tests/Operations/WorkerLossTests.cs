using PortMgmt.Core.Tests.Infrastructure;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class WorkerLossTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public void LostPresentOperationFailsAndTheRestGoesToAnotherWorker()
    {
        OperationBatch<int, int> batch = Scheduler(1).StartBatch(_workers.Make);
        for (int i = 0; i < 5; i++)
            batch.TryEnqueue(i);
        OperationLane<int, int> lost = _workers.TakeWoken();
        lost.TryNext(out _);

        lost.Lost(new InvalidOperationException("runspace is broken"));

        OperationResult<int, int> result = Assert.Single(batch.ReadAvailable());
        OperationException error = Assert.IsType<OperationException>(result.Error);
        Assert.Equal((OperationStatus.Failed, OperationErrorCode.WorkerLost), (result.Status, error.Code));
        Assert.Equal("runspace is broken", error.InnerException!.Message);
        OperationLane<int, int> other = _workers.TakeWoken();
        Assert.NotSame(lost, other);
        Assert.Equal([1, 2, 3, 4], ManualWorkers.Drain(other));
        Assert.False(lost.TryNext(out _));
        Assert.Equal(1, _workers.Disposed);
    }

    [Fact]
    public void LostWithRetryTheOperationRunsAgainElsewhere()
    {
        OperationBatch<int, int> batch = Scheduler(1).StartBatch(
            _workers.Make, new OperationBatchOptions<int, int> { Retry = new RetryOptions { MaxRetries = 1, BaseDelay = TimeSpan.Zero } });
        batch.TryEnqueue(7);
        OperationLane<int, int> lost = _workers.TakeWoken();
        lost.TryNext(out _);

        lost.Lost(new InvalidOperationException());
        _clock.Advance(TimeSpan.Zero);

        Assert.Equal([7], ManualWorkers.Drain(_workers.TakeWoken()));
        Assert.Equal(2, Assert.Single(batch.ReadAvailable()).Attempts);
    }

    [Fact]
    public async Task FactoryThrowsEveryOperationFailsWithTheReason()
    {
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBatch(
            () => throw new InvalidOperationException("no memory"), new OperationBatchOptions<int, int>());

        List<OperationResult<int, int>> results = await batch.RunAllAsync(Enumerable.Range(0, 100).Select(i => new Operation<int>(i)));

        Assert.Equal(100, results.Count);
        Assert.All(results, result =>
        {
            OperationException error = Assert.IsType<OperationException>(result.Error);
            Assert.Equal(OperationErrorCode.WorkerUnavailable, error.Code);
            Assert.Equal("no memory", error.InnerException!.Message);
        });
        await batch.Completion.WaitAsync(BatchExtensions.Patience);
    }

    [Fact]
    public async Task FactoryThrowsLimitedTypesEndToo()
    {
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBatch(
            () => throw new InvalidOperationException("no memory"),
            new OperationBatchOptions<int, int> { TypeLimits = new Dictionary<string, int> { ["db"] = 1 } });

        List<OperationResult<int, int>> results = await batch.RunAllAsync(
            Enumerable.Range(0, 10).Select(i => new Operation<int>(i) { Type = "db" }));

        Assert.Equal(10, results.Count(result => result.Status == OperationStatus.Failed));
    }

    [Fact]
    public async Task FactoryThrowsOnceMoreOthersGoOnAndNothingFails()
    {
        int made = 0;
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBatch(
            () => ++made > 2 ? throw new InvalidOperationException("no memory") : new SlowWorker(),
            new OperationBatchOptions<int, int> { BatchSize = 1 });

        List<OperationResult<int, int>> results = await batch.RunAllAsync(Enumerable.Range(0, 100).Select(i => new Operation<int>(i)));

        Assert.All(results, result => Assert.Equal(OperationStatus.Succeeded, result.Status));
        Assert.Equal(100, results.Count);
    }

    private OperationScheduler<int, int> Scheduler(int maxConcurrent) => new(new OperationSchedulerOptions
    {
        TimeProvider = _clock,
        Settings = new OperationSettings { MaxConcurrent = maxConcurrent },
    });

    private sealed class SlowWorker : IOperationWorker<int, int>
    {
        public void Wake(OperationLane<int, int> lane) => new Thread(() =>
        {
            while (lane.Next(out Operation<int>? operation))
            {
                Thread.Sleep(1);
                lane.Succeed(operation.Input);
            }
        }).Start();

        public void Dispose()
        {
            // The thread ends by itself.
        }
    }
}

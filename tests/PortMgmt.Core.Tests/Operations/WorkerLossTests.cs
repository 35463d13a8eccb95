using Microsoft.Extensions.Time.Testing;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class WorkerLossTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public void Lost_PresentOperation_FailsAndTheRestGoesToAnotherWorker()
    {
        OperationBatch<int, int> batch = Scheduler(1).StartBatch(_workers.Make);
        for (int i = 0; i < 5; i++)
        {
            batch.TryEnqueue(i);
        }

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
    public void Lost_WithRetry_TheOperationRunsAgainElsewhere()
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
    public async Task Factory_Throws_EveryOperationFailsWithTheReason()
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
        await batch.Completion.WaitAsync(BatchExtensions.WaitTimeout);
    }

    [Fact]
    public async Task Factory_ThrowsWithLimitedTypes_TheyEndToo()
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
    public async Task Factory_ThrowsOnceMore_OthersGoOnAndNothingFails()
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

    [Fact]
    public void Lost_NoOtherCanBeStartedAndManyWait_EachFailsAndTheStackHolds()
    {
        int made = 0;
        OperationBatch<int, int> batch = Scheduler(1).StartBatch(
            () => made++ == 0 ? _workers.Make() : throw new InvalidOperationException("no memory"),
            new OperationBatchOptions<int, int> { Capacity = 100_000 });
        for (int i = 0; i < 100_000; i++)
        {
            batch.TryEnqueue(i);
        }

        OperationLane<int, int> lost = _workers.TakeWoken();
        lost.TryNext(out _);

        lost.Lost(new InvalidOperationException("runspace is broken"));

        Assert.Equal(100_000, batch.ReadAvailable().Count(result => result.Status == OperationStatus.Failed));
    }

    [Fact]
    public void Lost_WholeHandOffToBeRepeatedAndNoOtherCanBeStarted_ItFails()
    {
        int made = 0;
        OperationBatch<int, int> batch = Scheduler(1).StartBatch(
            () => made++ == 0 ? _workers.Make() : throw new InvalidOperationException("no memory"),
            new OperationBatchOptions<int, int>
            {
                DeliverAsChunk = true,
                BatchSize = 3,
                Retry = new RetryOptions { MaxRetries = 1, BaseDelay = TimeSpan.Zero },
            });
        for (int i = 0; i < 3; i++)
        {
            batch.TryEnqueue(i);
        }

        OperationLane<int, int> lost = _workers.TakeWoken();
        lost.TryNext(out _);

        lost.Lost(new InvalidOperationException("runspace is broken"));
        _clock.Advance(TimeSpan.Zero);

        OperationResult<int, int> result = Assert.Single(batch.ReadAvailable());
        Assert.Equal((OperationStatus.Failed, 3), (result.Status, result.OperationCount));
    }

    [Fact]
    public void Lost_Attempt_IsCountedBeforeAnotherWorkerTakesOver()
    {
        List<long> counted = [];
        OperationScheduler<int, int> scheduler = Scheduler(1);
        OperationBatch<int, int> batch = scheduler.StartBatch(() =>
        {
            counted.Add(scheduler.GetMetrics().Latency.Service.Count);
            return _workers.Make();
        });
        batch.TryEnqueue(1);
        batch.TryEnqueue(2);
        OperationLane<int, int> lost = _workers.TakeWoken();
        lost.TryNext(out _);

        lost.Lost(new InvalidOperationException());

        Assert.Equal([0, 1], counted);
    }

    [Fact]
    public void Wake_ThrowsAfterWork_AnotherWorkerDoesTheOperation()
    {
        int made = 0;
        OperationBatch<int, int> batch = Scheduler(1).StartBatch(() => made++ == 0 ? new WornOut(_workers.Make()) : _workers.Make());
        batch.TryEnqueue(1);
        ManualWorkers.Drain(_workers.TakeWoken());

        batch.TryEnqueue(2);

        Assert.Equal([2], ManualWorkers.Drain(_workers.TakeWoken()));
        Assert.All(batch.ReadAvailable(), result => Assert.Equal(OperationStatus.Succeeded, result.Status));
    }

    [Fact]
    public async Task Dispose_Throws_TheBatchEndsAllTheSame()
    {
        OperationBatch<int, int> batch = Scheduler(2).StartBatch(() => new Unclosable(_workers.Make()), new OperationBatchOptions<int, int> { BatchSize = 1 });
        batch.TryEnqueue(1);
        batch.TryEnqueue(2);
        batch.Complete();
        while (_workers.Woken > 0)
        {
            ManualWorkers.Drain(_workers.TakeWoken());
        }

        await batch.Completion.WaitAsync(BatchExtensions.WaitTimeout);

        Assert.Equal(2, batch.ReadAvailable().Count);
        Assert.Equal(_workers.Lanes.Count, _workers.Disposed);
    }

    [Fact]
    public async Task Completion_EveryWorkerWasDisposedOf_ComesAfterThat()
    {
        int made = 0;
        using var closing = new ManualResetEventSlim();
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBatch(() => new SlowToClose(Interlocked.Increment(ref made) == 1 ? closing : null), new OperationBatchOptions<int, int> { BatchSize = 1 });

        List<OperationResult<int, int>> results = await batch.RunAllAsync(Enumerable.Range(0, 50).Select(i => new Operation<int>(i)));

        Assert.Equal(50, results.Count);
        Assert.False(batch.Completion.IsCompleted);
        closing.Set();
        await batch.Completion.WaitAsync(BatchExtensions.WaitTimeout);
    }

    private OperationScheduler<int, int> Scheduler(int maxConcurrent) => new(new OperationSchedulerOptions
    {
        TimeProvider = _clock,
        Settings = new OperationSettings { MaxConcurrent = maxConcurrent },
    });

    /// <summary>Can be woken once.</summary>
    private sealed class WornOut(IOperationWorker<int, int> inner) : IOperationWorker<int, int>
    {
        private bool _wasWoken;

        public void Wake(OperationLane<int, int> lane)
        {
            if (_wasWoken)
            {
                throw new InvalidOperationException("worn out");
            }

            _wasWoken = true;
            inner.Wake(lane);
        }

        public void Dispose() => inner.Dispose();
    }

    private sealed class Unclosable(IOperationWorker<int, int> inner) : IOperationWorker<int, int>
    {
        public void Wake(OperationLane<int, int> lane) => inner.Wake(lane);

        public void Dispose()
        {
            inner.Dispose();
            throw new InvalidOperationException("cannot be closed");
        }
    }

    private sealed class SlowToClose(ManualResetEventSlim? closing) : IOperationWorker<int, int>
    {
        public void Wake(OperationLane<int, int> lane) => new Thread(() =>
        {
            while (lane.Next(out Operation<int>? operation))
            {
                lane.Succeed(operation.Input);
            }
        }).Start();

        public void Dispose() => closing?.Wait(BatchExtensions.WaitTimeout);
    }

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

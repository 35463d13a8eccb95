using Microsoft.Extensions.Time.Testing;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class ConcurrencyTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(16, false)]
    [InlineData(5, true)]
    public async Task MaxConcurrent_ManyOperations_IsReachedAndNeverExceeded(int limit, bool blocking)
    {
        var peak = new Peak(limit);
        await using var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            Settings = new OperationSettings { MaxConcurrent = limit, BatchSize = 4 },
        });
        OperationBatch<int, int> batch = blocking
            ? scheduler.StartBlockingBatch((operation, _) => peak.Run(operation.Input))
            : scheduler.StartBatch(async (operation, _) => await peak.RunAsync(operation.Input));

        List<OperationResult<int, int>> results = await batch.RunAllAsync(Enumerable.Range(0, 600).Select(i => new Operation<int>(i)));

        Assert.Equal(Enumerable.Range(0, 600), results.Select(result => result.Output).Order());
        Assert.Equal(limit, peak.Highest);
        Assert.Equal(limit, scheduler.GetMetrics().PeakConcurrency);
    }

    [Fact]
    public async Task MaxConcurrent_TwoBatches_ShareOneLimitAndBothMove()
    {
        var peak = new Peak(2);
        await using var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            Settings = new OperationSettings { MaxConcurrent = 2, BatchSize = 5 },
        });
        List<OperationResult<int, int>>[] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            scheduler.StartBatch(async (operation, _) => await peak.RunAsync(operation.Input))
                .RunAllAsync(Enumerable.Range(0, 100).Select(i => new Operation<int>(i))))));

        Assert.All(results, one => Assert.Equal(100, one.Count));
        Assert.Equal(2, peak.Highest);
    }

    [Fact]
    public void MaxConcurrent_AnotherBatchWaits_GetsAPlaceAtTheNextHandOff()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 2, BatchSize = 10 });
        OperationBatch<int, int> greedy = scheduler.StartBatch(_workers.Make);
        for (int i = 0; i < 500; i++)
        {
            greedy.TryEnqueue(i);
        }

        OperationLane<int, int> first = _workers.TakeWoken();
        first.TryNext(out _);
        OperationLane<int, int> second = _workers.TakeWoken();
        second.TryNext(out _);

        OperationBatch<int, int> modest = scheduler.StartBatch(_workers.Make);
        modest.TryEnqueue(-1);
        Assert.Equal(0, _workers.Woken);
        first.Succeed(0);
        List<int> rest = ManualWorkers.Drain(first);

        Assert.InRange(rest.Count, 0, 10);
        Assert.Equal([-1], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    [Fact]
    public void Configure_LowerLimit_HoldsAfterThePresentOperations()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 3, BatchSize = 1 });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make);
        for (int i = 0; i < 100; i++)
        {
            batch.TryEnqueue(i);
        }

        List<OperationLane<int, int>> lanes = [.. StartAll()];
        Assert.Equal(3, lanes.Count);

        scheduler.Configure(scheduler.Settings with { MaxConcurrent = 1 });
        foreach (OperationLane<int, int> lane in lanes)
        {
            lane.Succeed(0);
        }

        Assert.Equal([false, false, true], lanes.Select(lane => lane.TryNext(out _)));
    }

    [Fact]
    public void Configure_HigherLimit_WaitingWorkGetsWorkersAtOnce()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 1, BatchSize = 1 });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make);
        for (int i = 0; i < 10; i++)
        {
            batch.TryEnqueue(i);
        }

        Assert.Single(StartAll());

        scheduler.Configure(scheduler.Settings with { MaxConcurrent = 4 });

        Assert.Equal(3, StartAll().Count());
    }

    [Fact]
    public void DefaultLimit_ProcessorsIdle_GrowsToTheCeilingAndNoFurther()
    {
        TimeSpan used = TimeSpan.Zero;
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock, ProcessorTime = () => used });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { BatchSize = 1 });
        for (int i = 0; i < 500; i++)
        {
            batch.TryEnqueue(i);
        }

        int running = StartAll().Count();
        Assert.Equal(OperationSettings.DefaultMaxConcurrent, running);

        for (int i = 0; i < 200; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            running += StartAll().Count();
        }

        Assert.Equal(OperationSettings.DefaultCeiling, running);
        Assert.Equal(OperationSettings.DefaultCeiling, scheduler.ConcurrencyLimit);
    }

    [Fact]
    public async Task DefaultLimit_LastBatchEnds_IsTheDefaultAgain()
    {
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock, ProcessorTime = () => TimeSpan.Zero });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { BatchSize = 1 });
        for (int i = 0; i < 500; i++)
        {
            batch.TryEnqueue(i);
        }

        List<OperationLane<int, int>> running = [.. StartAll()];
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        running.AddRange(StartAll());
        Assert.InRange(scheduler.ConcurrencyLimit, OperationSettings.DefaultMaxConcurrent + 1, OperationSettings.DefaultCeiling);

        batch.Cancel();
        foreach (OperationLane<int, int> lane in running)
        {
            lane.Fail(new OperationCanceledException());
            Assert.False(lane.TryNext(out _));
        }

        while (_workers.Woken > 0)
        {
            ManualWorkers.Drain(_workers.TakeWoken());
        }

        await batch.Completion.WaitAsync(BatchExtensions.WaitTimeout);
        Assert.Equal(OperationSettings.DefaultMaxConcurrent, scheduler.ConcurrencyLimit);
    }

    [Fact]
    public void DefaultLimit_ProcessorsAreBusy_DoesNotGrow()
    {
        TimeSpan used = TimeSpan.Zero;
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock, ProcessorTime = () => used });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { BatchSize = 1 });
        for (int i = 0; i < 500; i++)
        {
            batch.TryEnqueue(i);
        }

        int running = StartAll().Count();
        for (int i = 0; i < 100; i++)
        {
            used += TimeSpan.FromMilliseconds(10) * Environment.ProcessorCount;
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            running += StartAll().Count();
        }

        Assert.Equal(OperationSettings.DefaultMaxConcurrent, running);
    }

    [Fact]
    public void OwnLimit_WithANumber_DoesNotCountAgainstTheSchedulers()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 1, BatchSize = 1 });
        scheduler.StartBatch(_workers.Make).TryEnqueue(1);
        Assert.Single(StartAll());

        OperationBatch<int, int> own = scheduler.StartBatch(
            _workers.Make, new OperationBatchOptions<int, int> { OwnLimit = true, MaxConcurrent = 5 });
        for (int i = 0; i < 10; i++)
        {
            own.TryEnqueue(i);
        }

        Assert.Equal(5, StartAll().Count());
    }

    [Fact]
    public void OwnLimit_WithoutANumber_IsAsLargeAsTheSchedulers()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 2, BatchSize = 1 });
        scheduler.StartBatch(_workers.Make).TryEnqueue(1);
        Assert.Single(StartAll());

        OperationBatch<int, int> own = scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { OwnLimit = true });
        for (int i = 0; i < 10; i++)
        {
            own.TryEnqueue(i);
        }

        Assert.Equal(2, StartAll().Count());
    }

    [Fact]
    public async Task BlockingExecutor_Throws_FailsItsOperationAlone()
    {
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBlockingBatch(
            (operation, _) => operation.Input == 3 ? throw new InvalidOperationException("three") : operation.Input);

        List<OperationResult<int, int>> results = await batch.RunAllAsync(Enumerable.Range(0, 10).Select(i => new Operation<int>(i)));

        Assert.Equal("three", Assert.Single(results, result => result.Status == OperationStatus.Failed).Error!.Message);
        Assert.Equal(9, results.Count(result => result.Status == OperationStatus.Succeeded));
    }

    /// <summary>Lets every woken worker start an operation.</summary>
    private IEnumerable<OperationLane<int, int>> StartAll()
    {
        while (_workers.Woken > 0)
        {
            OperationLane<int, int> lane = _workers.TakeWoken();
            if (lane.TryNext(out _))
            {
                yield return lane;
            }
        }
    }

    private OperationScheduler<int, int> NewScheduler(OperationSettings settings) =>
        new(new OperationSchedulerOptions { TimeProvider = _clock, Settings = settings });

    /// <summary>Counts what runs at once. Nothing ends before the limit was reached, however slowly a busy machine gets there.</summary>
    private sealed class Peak(int limit)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _running;
        private int _highest;

        public int Highest => _highest;

        public async Task<int> RunAsync(int input)
        {
            Enter();
            await _reached.Task.WaitAsync(BatchExtensions.WaitTimeout);
            await Task.Delay(input % 3);
            Interlocked.Decrement(ref _running);
            return input;
        }

        public int Run(int input)
        {
            Enter();
            _reached.Task.Wait(BatchExtensions.WaitTimeout);
            Thread.Sleep(input % 3);
            Interlocked.Decrement(ref _running);
            return input;
        }

        private void Enter()
        {
            int running = Interlocked.Increment(ref _running);
            int seen;
            while ((seen = Volatile.Read(ref _highest)) < running)
            {
                Interlocked.CompareExchange(ref _highest, running, seen);
            }

            if (running >= limit)
            {
                _reached.TrySetResult();
            }
        }
    }
}

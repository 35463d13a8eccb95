using PortMgmt.Core.Tests.Infrastructure;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class ConcurrencyTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(16, false)]
    [InlineData(5, true)]
    public async Task MaxConcurrentIsReachedAndNeverExceeded(int limit, bool blocking)
    {
        var peak = new Peak();
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
    public async Task TwoBatchesShareOneLimitAndBothMove()
    {
        var peak = new Peak();
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
    public void AnotherBatchWaitsItGetsAPlaceAtTheNextHandOff()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 2, BatchSize = 10 });
        OperationBatch<int, int> greedy = scheduler.StartBatch(_workers.Make);
        for (int i = 0; i < 500; i++)
            greedy.TryEnqueue(i);
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
    public void ConfigureLowerLimitHoldsAfterThePresentOperations()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 3, BatchSize = 1 });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make);
        for (int i = 0; i < 100; i++)
            batch.TryEnqueue(i);
        List<OperationLane<int, int>> lanes = [.. StartAll()];
        Assert.Equal(3, lanes.Count);

        scheduler.Configure(scheduler.Settings with { MaxConcurrent = 1 });
        foreach (OperationLane<int, int> lane in lanes)
            lane.Succeed(0);

        Assert.Equal([false, false, true], lanes.Select(lane => lane.TryNext(out _)));
    }

    [Fact]
    public void ConfigureHigherLimitWaitingWorkGetsWorkersAtOnce()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 1, BatchSize = 1 });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make);
        for (int i = 0; i < 10; i++)
            batch.TryEnqueue(i);
        Assert.Single(StartAll());

        scheduler.Configure(scheduler.Settings with { MaxConcurrent = 4 });

        Assert.Equal(3, StartAll().Count());
    }

    [Fact]
    public void DefaultLimitGrowsToTheCeilingWhileProcessorsIdleAndNoFurther()
    {
        TimeSpan used = TimeSpan.Zero;
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock, ProcessorTime = () => used });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { BatchSize = 1 });
        for (int i = 0; i < 500; i++)
            batch.TryEnqueue(i);
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
    public async Task DefaultLimitGrewTheLastBatchEndsItIsTheDefaultAgain()
    {
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock, ProcessorTime = () => TimeSpan.Zero });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { BatchSize = 1 });
        for (int i = 0; i < 500; i++)
            batch.TryEnqueue(i);
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
            ManualWorkers.Drain(_workers.TakeWoken());
        await batch.Completion.WaitAsync(BatchExtensions.Patience);
        Assert.Equal(OperationSettings.DefaultMaxConcurrent, scheduler.ConcurrencyLimit);
    }

    [Fact]
    public void DefaultLimitProcessorsAreBusyDoesNotGrow()
    {
        TimeSpan used = TimeSpan.Zero;
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock, ProcessorTime = () => used });
        OperationBatch<int, int> batch = scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { BatchSize = 1 });
        for (int i = 0; i < 500; i++)
            batch.TryEnqueue(i);
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
    public void OwnLimitDoesNotCountAgainstTheSchedulers()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 1, BatchSize = 1 });
        scheduler.StartBatch(_workers.Make).TryEnqueue(1);
        Assert.Single(StartAll());

        OperationBatch<int, int> own = scheduler.StartBatch(
            _workers.Make, new OperationBatchOptions<int, int> { OwnLimit = true, MaxConcurrent = 5 });
        for (int i = 0; i < 10; i++)
            own.TryEnqueue(i);

        Assert.Equal(5, StartAll().Count());
    }

    [Fact]
    public void OwnLimitWithoutANumberIsAsLargeAsTheSchedulers()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 2, BatchSize = 1 });
        scheduler.StartBatch(_workers.Make).TryEnqueue(1);
        Assert.Single(StartAll());

        OperationBatch<int, int> own = scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { OwnLimit = true });
        for (int i = 0; i < 10; i++)
            own.TryEnqueue(i);

        Assert.Equal(2, StartAll().Count());
    }

    [Fact]
    public async Task BlockingExecutorThatThrowsFailsItsOperationAlone()
    {
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBlockingBatch(
            (operation, _) => operation.Input == 3 ? throw new InvalidOperationException("three") : operation.Input);

        List<OperationResult<int, int>> results = await batch.RunAllAsync(Enumerable.Range(0, 10).Select(i => new Operation<int>(i)));

        Assert.Equal("three", Assert.Single(results, result => result.Status == OperationStatus.Failed).Error!.Message);
        Assert.Equal(9, results.Count(result => result.Status == OperationStatus.Succeeded));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NestedBatchesUnderOneLimitOuterHoldsEveryPlaceInnerStillRuns(bool blocking)
    {
        await using var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            Settings = new OperationSettings { MaxConcurrent = 2, BatchSize = 1 },
        });
        OperationBatch<int, int> outer = blocking
            ? scheduler.StartBlockingBatch((operation, _) => InnerAsync(operation.Input).GetAwaiter().GetResult())
            : scheduler.StartBatch(async (operation, _) => await InnerAsync(operation.Input));

        List<OperationResult<int, int>> results = await outer.RunAllAsync(Enumerable.Range(0, 8).Select(i => new Operation<int>(i)));

        Assert.Equal(8 * 10, results.Sum(result => result.Output));

        async Task<int> InnerAsync(int input)
        {
            OperationBatch<int, int> inner = scheduler.StartBatch((operation, _) => ValueTask.FromResult(operation.Input - operation.Input + 1));
            return (await inner.RunAllAsync(Enumerable.Range(input, 10).Select(i => new Operation<int>(i)))).Sum(result => result.Output);
        }
    }

    [Fact]
    public async Task NestedBatchWaitsForAPlaceAndItsStartersPlaceIsFreeItUsesThat()
    {
        var scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 1 });
        var inner = new TaskCompletionSource<OperationBatch<int, int>>();
        OperationBatch<int, int> outer = scheduler.StartBatch((_, _) =>
        {
            inner.SetResult(scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { BatchSize = 1 }));
            return new ValueTask<int>(new TaskCompletionSource<int>().Task);
        });
        outer.TryEnqueue(1);
        OperationBatch<int, int> nested = await inner.Task.WaitAsync(BatchExtensions.Patience);

        for (int i = 0; i < 5; i++)
        {
            // The second of each pair finds the starter's place taken and waits for another, which never comes.
            nested.TryEnqueue(2 * i);
            nested.TryEnqueue((2 * i) + 1);
            Assert.Equal([2 * i, (2 * i) + 1], ManualWorkers.Drain(_workers.TakeWoken()));
        }
    }

    [Fact]
    public async Task NestedBatchOfAnExecutorThatWasGivenUpHasNoPlace()
    {
        var scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 1, BatchSize = 1 });
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inner = new TaskCompletionSource<OperationBatch<int, int>>();
        var second = new TaskCompletionSource();
        OperationBatch<int, int> outer = scheduler.StartBatch(
            async (operation, _) =>
            {
                if (operation.Input == 1)
                {
                    begun.SetResult();
                    await release.Task;
                    inner.SetResult(scheduler.StartBatch(_workers.Make));
                }
                else
                {
                    second.SetResult();
                }

                return await new TaskCompletionSource<int>().Task;
            },
            new OperationBatchOptions<int, int> { Timeout = TimeSpan.FromSeconds(5) });
        outer.TryEnqueue(1);
        outer.TryEnqueue(2);
        await begun.Task.WaitAsync(BatchExtensions.Patience);

        _clock.Advance(TimeSpan.FromSeconds(5));
        _clock.Advance(scheduler.StopGrace);
        await second.Task.WaitAsync(BatchExtensions.Patience);
        release.SetResult();
        OperationBatch<int, int> nested = await inner.Task.WaitAsync(BatchExtensions.Patience);
        nested.TryEnqueue(7);

        Assert.Equal(0, _workers.Woken);
    }

    [Fact]
    public async Task NestedBatchOutlivesItsStarterItWaitsForAPlaceOfItsOwn()
    {
        var scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 1, BatchSize = 1 });
        var inner = new TaskCompletionSource<OperationBatch<int, int>>();
        var second = new TaskCompletionSource();
        var release = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        OperationBatch<int, int> outer = scheduler.StartBatch((operation, _) =>
        {
            if (operation.Input == 1)
            {
                inner.SetResult(scheduler.StartBatch(_workers.Make));
                return ValueTask.FromResult(1);
            }

            second.SetResult();
            return new ValueTask<int>(release.Task);
        });
        outer.TryEnqueue(1);
        outer.TryEnqueue(2);
        await second.Task.WaitAsync(BatchExtensions.Patience);
        OperationBatch<int, int> nested = await inner.Task;

        nested.TryEnqueue(7);
        Assert.Equal(0, _workers.Woken);
        release.SetResult(2);

        await BatchExtensions.EventuallyAsync(() => _workers.Woken == 1);
        Assert.Equal([7], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    [Fact]
    public async Task ExecutorSeesTheContextOfWhoeverStartedTheBatch()
    {
        var ambient = new AsyncLocal<string> { Value = "starter" };
        await using var scheduler = new OperationScheduler<int, string?>();
        OperationBatch<int, string?> batch = scheduler.StartBatch((_, _) => ValueTask.FromResult<string?>(ambient.Value));
        ambient.Value = "enqueuer";

        List<OperationResult<int, string?>> results = await batch.RunAllAsync([new Operation<int>(1)]);

        Assert.Equal("starter", results.Single().Output);
    }

    /// <summary>Lets every woken worker start an operation.</summary>
    private IEnumerable<OperationLane<int, int>> StartAll()
    {
        while (_workers.Woken > 0)
        {
            OperationLane<int, int> lane = _workers.TakeWoken();
            if (lane.TryNext(out _))
                yield return lane;
        }
    }

    private OperationScheduler<int, int> NewScheduler(OperationSettings settings) =>
        new(new OperationSchedulerOptions { TimeProvider = _clock, Settings = settings });

    private sealed class Peak
    {
        private int _running;
        private int _highest;

        public int Highest => _highest;

        public async Task<int> RunAsync(int input)
        {
            Enter();
            await Task.Delay(input % 3);
            Interlocked.Decrement(ref _running);
            return input;
        }

        public int Run(int input)
        {
            Enter();
            Thread.Sleep(input % 3);
            Interlocked.Decrement(ref _running);
            return input;
        }

        private void Enter()
        {
            int running = Interlocked.Increment(ref _running);
            int seen;
            while ((seen = Volatile.Read(ref _highest)) < running)
                Interlocked.CompareExchange(ref _highest, running, seen);
        }
    }
}

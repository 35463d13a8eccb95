using Microsoft.Extensions.Time.Testing;
using PortMgmt.Metrics;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class CacheTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public async Task SameId_AThousandTimesAtOnce_RunsOnce()
    {
        int runs = 0;
        var release = new TaskCompletionSource();
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBatch(
            async (operation, _) =>
            {
                Interlocked.Increment(ref runs);
                await release.Task;
                return operation.Input;
            },
            new OperationBatchOptions<int, int> { Capacity = 1000 });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 250; i++)
            {
                Assert.True(batch.TryEnqueue(Of("same", i)));
            }
        })));
        release.SetResult();

        List<OperationResult<int, int>> results = await batch.FinishAsync();

        Assert.Equal(1, runs);
        Assert.Equal(1000, results.Count);
        Assert.Single(results.Select(result => result.Output).Distinct());
        Assert.Equal(999, results.Count(result => result.FromCache));
        CacheStatistics cache = scheduler.GetHealth().Cache;
        Assert.Equal((1L, 999L), (cache.Misses, cache.Hits + cache.Coalesced));
        Assert.Equal(0.999, cache.HitRate, 10);
    }

    [Fact]
    public void SameId_Later_IsAnsweredFromTheCache()
    {
        OperationBatch<int, int> batch = Start();
        Run(batch, "a", 1);

        batch.TryEnqueue(Of("a", 99));

        OperationResult<int, int> result = Assert.Single(batch.ReadAvailable());
        Assert.Equal((OperationStatus.Succeeded, 1, true, 0), (result.Status, result.Output, result.FromCache, result.Attempts));
    }

    [Fact]
    public void Cache_NoId_AlwaysRuns()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(5);
        batch.TryEnqueue(5);

        Assert.Equal([5, 5], ManualWorkers.Drain(_workers.TakeWoken()));
        Assert.Equal(0, batch.Scheduler.GetHealth().Cache.Misses);
    }

    [Fact]
    public void SameId_OfAnotherType_Runs()
    {
        OperationBatch<int, int> batch = Start();
        Run(batch, "a", 1);

        batch.TryEnqueue(new Operation<int>(2) { Id = "a", Type = "other" });

        Assert.Equal([2], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    [Fact]
    public void Cache_Failure_IsSharedWithThoseWhoWaitButNotStored()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(Of("a", 1));
        batch.TryEnqueue(Of("a", 2));
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        lane.Fail(new InvalidOperationException("broken"));
        Assert.False(lane.TryNext(out _));

        List<OperationResult<int, int>> results = batch.ReadAvailable();
        batch.TryEnqueue(Of("a", 3));

        Assert.Equal([false, true], results.Select(result => result.FromCache));
        Assert.All(results, result => Assert.Equal("broken", result.Error!.Message));
        Assert.Equal([3], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    [Fact]
    public void Batches_WithoutIdentity_NeverShare()
    {
        OperationScheduler<int, int> scheduler = NewScheduler();
        Run(scheduler.StartBatch(_workers.Make), "a", 1);

        scheduler.StartBatch(_workers.Make).TryEnqueue(Of("a", 2));

        Assert.Equal([2], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    [Fact]
    public void Batches_OfTheSameIdentity_ShareOthersDoNot()
    {
        OperationScheduler<int, int> scheduler = NewScheduler();
        Run(scheduler.StartBatch(_workers.Make, Identity("v1")), "a", 1);

        OperationBatch<int, int> same = scheduler.StartBatch(_workers.Make, Identity("v1"));
        same.TryEnqueue(Of("a", 2));
        scheduler.StartBatch(_workers.Make, Identity("v2")).TryEnqueue(Of("a", 3));

        Assert.Equal(1, Assert.Single(same.ReadAvailable()).Output);
        Assert.Equal([3], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    [Fact]
    public void Cache_SizeZero_SwitchesCachingAndCoalescingOff()
    {
        OperationBatch<int, int> batch = Start(cacheSize: 0);
        batch.TryEnqueue(Of("a", 1));
        batch.TryEnqueue(Of("a", 2));

        Assert.Equal([1, 2], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    [Fact]
    public void Cache_NotCacheable_RunsAgain()
    {
        OperationBatch<int, int> batch = NewScheduler().StartBatch(
            _workers.Make, new OperationBatchOptions<int, int> { IsCacheable = output => output % 2 == 0 });
        Run(batch, "odd", 1);
        Run(batch, "even", 2);

        batch.TryEnqueue(Of("odd", 3));
        batch.TryEnqueue(Of("even", 4));

        Assert.Equal([3], ManualWorkers.Drain(_workers.TakeWoken()));
        Assert.Equal([2, 3], batch.ReadAvailable().Select(result => result.Output));
    }

    [Fact]
    public void Cache_Full_LeastRecentlyUsedGoesFirst()
    {
        OperationBatch<int, int> batch = Start(cacheSize: 3);
        RunAll(batch, "a", "b", "c");
        batch.TryEnqueue(Of("a", 0));
        Run(batch, "d", 0);

        Assert.True(IsCached(batch, "a"));
        Assert.True(IsCached(batch, "c"));
        Assert.True(IsCached(batch, "d"));
        Assert.False(IsCached(batch, "b"));
        Assert.Equal(2, batch.Scheduler.GetHealth().Cache.Evictions);
        Assert.Equal(3, batch.Scheduler.GetHealth().Cache.Size);
    }

    [Fact]
    public void Cache_AnyUse_EvictsWhatANaiveModelEvicts()
    {
        var random = new Random(11);
        OperationBatch<int, int> batch = Start(cacheSize: 8);
        List<int> model = [];
        for (int step = 0; step < 5000; step++)
        {
            int id = random.Next(20);
            bool expected = model.Remove(id);
            model.Add(id);
            if (model.Count > 8)
            {
                model.RemoveAt(0);
            }

            Assert.Equal(expected, IsCached(batch, id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public void Configure_SmallerCache_DropsTheOldest()
    {
        OperationBatch<int, int> batch = Start(cacheSize: 5);
        RunAll(batch, "a", "b", "c");

        batch.Scheduler.Configure(batch.Scheduler.Settings with { CacheSize = 1 });

        Assert.Equal(1, batch.Scheduler.GetHealth().Cache.Size);
        Assert.True(IsCached(batch, "c"));
    }

    [Fact]
    public void Clear_Cache_DropsResultsAndThoseOfWhatRuns()
    {
        OperationBatch<int, int> batch = Start();
        Run(batch, "done", 0);
        batch.TryEnqueue(Of("running", 1));
        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);

        batch.Scheduler.ClearCache();
        lane.Succeed(1);
        ManualWorkers.Drain(lane);
        batch.ReadAvailable();

        Assert.False(IsCached(batch, "done"));
        Assert.False(IsCached(batch, "running"));
    }

    [Fact]
    public void Clear_WhatComesAfterIt_RunsAnewThoughTheSameStillRuns()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(Of("a", 1));
        batch.TryEnqueue(Of("a", 2));
        OperationLane<int, int> before = _workers.TakeWoken();
        Assert.True(before.TryNext(out _));

        batch.Scheduler.ClearCache();
        batch.TryEnqueue(Of("a", 3));
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        ManualWorkers.Drain(_workers.TakeWoken());
        before.Succeed(1);

        Assert.Equal([(1, 1, false), (2, 1, true), (3, 3, false)], batch.ReadAvailable().Select(Describe).Order());
        batch.TryEnqueue(Of("a", 4));
        Assert.Equal((4, 3, true), Describe(Assert.Single(batch.ReadAvailable())));

        static (int, int, bool) Describe(OperationResult<int, int> result) => (result.Input, result.Output, result.FromCache);
    }

    [Fact]
    public void Clear_ThenCancel_WhoWaitedForWhatRanIsCancelledToo()
    {
        OperationScheduler<int, int> scheduler = NewScheduler();
        OperationBatch<int, int> first = scheduler.StartBatch(_workers.Make, Identity("v1"));
        OperationBatch<int, int> second = scheduler.StartBatch(_workers.Make, Identity("v1"));
        first.TryEnqueue(Of("a", 1));
        second.TryEnqueue(Of("a", 2));

        scheduler.ClearCache();
        second.Cancel();

        Assert.Equal(OperationStatus.Cancelled, Assert.Single(second.ReadAvailable()).Status);
        Assert.True(second.IsDrained);
    }

    [Fact]
    public void Cancel_Waiters_NothingSaysThatItCameFromTheCache()
    {
        OperationBatch<int, int> batch = Start();
        batch.TryEnqueue(Of("a", 1));
        batch.TryEnqueue(Of("a", 2));

        batch.Cancel();

        Assert.Equal([(OperationStatus.Cancelled, false), (OperationStatus.Cancelled, false)], batch.ReadAvailable().Select(result => (result.Status, result.FromCache)));
    }

    [Fact]
    public void Cancel_Leader_AnotherBatchesOperationRunsInItsPlace()
    {
        OperationScheduler<int, int> scheduler = NewScheduler();
        OperationBatch<int, int> first = scheduler.StartBatch(_workers.Make, Identity("v1"));
        OperationBatch<int, int> second = scheduler.StartBatch(_workers.Make, Identity("v1"));
        first.TryEnqueue(Of("a", 1));
        first.TryEnqueue(Of("a", 2));
        second.TryEnqueue(Of("a", 3));
        _workers.TakeWoken();

        first.Cancel();

        Assert.Equal([OperationStatus.Cancelled, OperationStatus.Cancelled], first.ReadAvailable().Select(result => result.Status));
        Assert.Equal([3], ManualWorkers.Drain(_workers.TakeWoken()));
        Assert.Equal(OperationStatus.Succeeded, Assert.Single(second.ReadAvailable()).Status);
    }

    [Fact]
    public void Cancel_Waiter_LeaderOfAnotherBatchGoesOn()
    {
        OperationScheduler<int, int> scheduler = NewScheduler();
        OperationBatch<int, int> first = scheduler.StartBatch(_workers.Make, Identity("v1"));
        OperationBatch<int, int> second = scheduler.StartBatch(_workers.Make, Identity("v1"));
        first.TryEnqueue(Of("a", 1));
        second.TryEnqueue(Of("a", 2));

        second.Cancel();

        Assert.Equal(OperationStatus.Cancelled, Assert.Single(second.ReadAvailable()).Status);
        Assert.True(second.IsDrained);
        Assert.Equal([1], ManualWorkers.Drain(_workers.TakeWoken()));
        Assert.Equal(OperationStatus.Succeeded, Assert.Single(first.ReadAvailable()).Status);
    }

    private static Operation<int> Of(string id, int input) => new(input) { Id = id };

    private static OperationBatchOptions<int, int> Identity(string identity) => new() { ExecutorIdentity = identity };

    private OperationScheduler<int, int> NewScheduler(int cacheSize = 100) =>
        new(new OperationSchedulerOptions { TimeProvider = _clock, Settings = new OperationSettings { CacheSize = cacheSize } });

    private OperationBatch<int, int> Start(int cacheSize = 100) => NewScheduler(cacheSize).StartBatch(_workers.Make);

    private void RunAll(OperationBatch<int, int> batch, params string[] ids)
    {
        foreach (string id in ids)
        {
            Run(batch, id, 0);
        }
    }

    private void Run(OperationBatch<int, int> batch, string id, int input)
    {
        batch.TryEnqueue(Of(id, input));
        ManualWorkers.Drain(_workers.TakeWoken());
        batch.ReadAvailable();
    }

    /// <summary>Asks for an operation and runs it where the cache does not know it.</summary>
    private bool IsCached(OperationBatch<int, int> batch, string id)
    {
        batch.TryEnqueue(Of(id, 0));
        if (_workers.Woken > 0)
        {
            ManualWorkers.Drain(_workers.TakeWoken());
        }

        return Assert.Single(batch.ReadAvailable()).FromCache;
    }
}

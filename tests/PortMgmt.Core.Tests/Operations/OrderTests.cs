using Microsoft.Extensions.Time.Testing;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

/// <summary>Priorities, limits by type, and results in the order of the input.</summary>
public sealed class OrderTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public void Priority_High_GoesFirstAndArrivalDecidesWithinALevel()
    {
        OperationBatch<int, int> batch = Start(1);
        OperationLane<int, int> lane = Occupy(batch);
        OperationPriority[] priorities = [OperationPriority.Low, OperationPriority.Normal, OperationPriority.High];
        for (int i = 0; i < 9; i++)
        {
            batch.TryEnqueue(new Operation<int>(i) { Priority = priorities[i % 3] });
        }

        lane.Succeed(0);

        Assert.Equal([2, 5, 8, 1, 4, 7, 0, 3, 6], ManualWorkers.Drain(lane));
    }

    [Fact]
    public void Priority_Undefined_Throws()
    {
        OperationBatch<int, int> batch = Start(1);

        OperationException error = Assert.Throws<OperationException>(
            () => batch.TryEnqueue(new Operation<int>(1) { Priority = (OperationPriority)7 }));

        Assert.Equal((OperationErrorCode.InvalidOption, "Priority"), (error.Code, error.Option));
    }

    [Fact]
    public void TypeLimit_Reached_HoldsBackThatTypeAndLetsOthersPass()
    {
        OperationBatch<int, int> batch = Start(4, new OperationBatchOptions<int, int>
        {
            BatchSize = 1,
            TypeLimits = new Dictionary<string, int> { ["db"] = 1 },
        });
        OperationLane<int, int> lane = Occupy(batch);
        foreach (int i in new[] { 0, 1, 2 })
        {
            batch.TryEnqueue(new Operation<int>(i) { Type = "db" });
        }

        batch.TryEnqueue(new Operation<int>(10) { Type = "web" });
        OperationLane<int, int> database = _workers.TakeWoken();
        Assert.True(database.TryNext(out Operation<int>? first));
        Assert.Equal("db", first.Type);

        lane.Succeed(0);
        Assert.Equal([10], ManualWorkers.Drain(lane));
        database.Succeed(0);

        Assert.Equal([1, 2], ManualWorkers.Drain(database));
    }

    [Fact]
    public void TypeLimit_TwoPlacesBecomeFreeAtOnce_TheEarlierGoesFirst()
    {
        OperationBatch<int, int> batch = Start(3, LimitedTo(2));
        EnqueueLimited(batch, OperationPriority.Normal, 0, 1, 2, 3);
        batch.TryEnqueue(9);
        OperationLane<int, int> one = _workers.TakeWoken();
        Assert.True(one.TryNext(out _));
        OperationLane<int, int> other = _workers.TakeWoken();
        Assert.True(other.TryNext(out _));
        OperationLane<int, int> third = _workers.TakeWoken();
        Assert.True(third.TryNext(out Operation<int>? passedBy));
        Assert.Equal(9, passedBy.Input);

        one.Succeed(0);
        other.Succeed(1);
        third.Succeed(9);

        Assert.Equal([2, 3], ManualWorkers.Drain(third));
    }

    [Fact]
    public void TypeLimit_AnUrgentOne_GoesFirstTheOthersKeepTheirOrder()
    {
        OperationBatch<int, int> batch = Start(2, LimitedTo(1));
        EnqueueLimited(batch, OperationPriority.Low, 0, 1, 2);
        OperationLane<int, int> lane = _workers.TakeWoken();
        Assert.True(lane.TryNext(out _));
        Assert.Empty(ManualWorkers.Drain(_workers.TakeWoken()));

        lane.Succeed(0);
        EnqueueLimited(batch, OperationPriority.High, 9);
        Assert.True(lane.TryNext(out Operation<int>? urgent));
        Assert.Equal(9, urgent.Input);
        while (_workers.Woken > 0)
        {
            Assert.Empty(ManualWorkers.Drain(_workers.TakeWoken()));
        }

        lane.Succeed(9);

        Assert.Equal([1, 2], ManualWorkers.Drain(lane));
    }

    [Fact]
    public async Task TypeLimit_ManyTypes_IsNeverExceededAndEverythingEnds()
    {
        int[] running = new int[3];
        int[] highest = new int[3];
        await using var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            Settings = new OperationSettings { MaxConcurrent = 12, BatchSize = 7 },
        });
        OperationBatch<int, int> batch = scheduler.StartBatch(
            async (operation, token) =>
            {
                int type = operation.Input % 3;
                int now = Interlocked.Increment(ref running[type]);
                lock (highest)
                {
                    highest[type] = Math.Max(highest[type], now);
                }

                await Task.Delay(operation.Input % 2, token);
                Interlocked.Decrement(ref running[type]);
                return operation.Input;
            },
            new OperationBatchOptions<int, int> { TypeLimits = new Dictionary<string, int> { ["0"] = 1, ["1"] = 3 } });

        List<OperationResult<int, int>> results = await batch.RunAllAsync(Enumerable.Range(0, 600).Select(
            i => new Operation<int>(i) { Type = (i % 3).ToString(System.Globalization.CultureInfo.InvariantCulture) }));

        Assert.Equal(600, results.Count);
        Assert.Equal(1, highest[0]);
        Assert.InRange(highest[1], 1, 3);
    }

    [Fact]
    public void Cancel_OperationsHeldBackByType_EndToo()
    {
        OperationBatch<int, int> batch = Start(4, new OperationBatchOptions<int, int> { TypeLimits = new Dictionary<string, int> { ["db"] = 1 } });
        for (int i = 0; i < 5; i++)
        {
            batch.TryEnqueue(new Operation<int>(i) { Type = "db" });
        }

        OperationLane<int, int> lane = _workers.TakeWoken();
        lane.TryNext(out _);
        while (_workers.Woken > 0)
        {
            Assert.Empty(ManualWorkers.Drain(_workers.TakeWoken()));
        }

        batch.Cancel();
        lane.Succeed(0);

        Assert.Equal(5, batch.ReadAvailable().Count);
        Assert.True(batch.IsDrained);
    }

    [Fact]
    public void Ordered_Results_ComeInTheOrderOfTheInput()
    {
        OperationBatch<int, int> batch = Start(3, new OperationBatchOptions<int, int> { Ordered = true, BatchSize = 1 });
        for (int i = 0; i < 3; i++)
        {
            batch.TryEnqueue(i);
        }

        List<OperationLane<int, int>> lanes = [];
        while (_workers.Woken > 0)
        {
            lanes.Add(_workers.TakeWoken());
            Assert.True(lanes[^1].TryNext(out _));
        }

        lanes[2].Succeed(2);
        lanes[1].Succeed(1);
        Assert.Empty(batch.ReadAvailable());
        lanes[0].Fail(new InvalidOperationException());

        Assert.Equal([0, 1, 2], batch.ReadAvailable().Select(result => result.Input));
    }

    [Fact]
    public async Task Ordered_ManyRandomDurations_ComeInTheOrderOfTheInput()
    {
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBatch(
            async (operation, token) =>
            {
                await Task.Delay(operation.Input * 7 % 4, token);
                return operation.Input;
            },
            new OperationBatchOptions<int, int> { Ordered = true, Capacity = 50 });

        List<OperationResult<int, int>> results = await batch.RunAllAsync(Enumerable.Range(0, 500).Select(i => new Operation<int>(i)));

        Assert.Equal(Enumerable.Range(0, 500), results.Select(result => result.Input));
    }

    private static OperationBatchOptions<int, int> LimitedTo(int limit) =>
        new() { BatchSize = 1, TypeLimits = new Dictionary<string, int> { ["db"] = limit } };

    private static void EnqueueLimited(OperationBatch<int, int> batch, OperationPriority priority, params int[] inputs)
    {
        foreach (int input in inputs)
        {
            batch.TryEnqueue(new Operation<int>(input) { Type = "db", Priority = priority });
        }
    }

    private OperationLane<int, int> Occupy(OperationBatch<int, int> batch)
    {
        batch.TryEnqueue(-1);
        OperationLane<int, int> lane = _workers.TakeWoken();
        Assert.True(lane.TryNext(out _));
        return lane;
    }

    private OperationBatch<int, int> Start(int maxConcurrent, OperationBatchOptions<int, int>? options = null) =>
        new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            TimeProvider = _clock,
            Settings = new OperationSettings { MaxConcurrent = maxConcurrent },
        }).StartBatch(_workers.Make, options);
}

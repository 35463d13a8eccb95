using Microsoft.Extensions.Time.Testing;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

/// <summary>Batches that are started by an operation.</summary>
public sealed class NestedBatchTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NestedBatch_OuterHoldsEveryPlaceOfTheLimit_StillRuns(bool blocking)
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
    public async Task NestedBatch_StartersPlaceIsFreeMeanwhile_UsesThat()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 1 });
        var inner = new TaskCompletionSource<OperationBatch<int, int>>();
        OperationBatch<int, int> outer = scheduler.StartBatch((_, _) =>
        {
            inner.SetResult(scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { BatchSize = 1 }));
            return new ValueTask<int>(new TaskCompletionSource<int>().Task);
        });
        outer.TryEnqueue(1);
        OperationBatch<int, int> nested = await inner.Task.WaitAsync(BatchExtensions.WaitTimeout);

        for (int i = 0; i < 5; i++)
        {
            // The second of each pair finds the starter's place taken and waits for another, which never comes.
            nested.TryEnqueue(2 * i);
            nested.TryEnqueue((2 * i) + 1);
            Assert.Equal([2 * i, (2 * i) + 1], ManualWorkers.Drain(_workers.TakeWoken()));
        }
    }

    [Fact]
    public async Task NestedBatch_OfAnExecutorThatWasGivenUp_HasNoPlace()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 1, BatchSize = 1 });
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
        await begun.Task.WaitAsync(BatchExtensions.WaitTimeout);

        _clock.Advance(TimeSpan.FromSeconds(5));
        _clock.Advance(scheduler.StopGrace);
        await second.Task.WaitAsync(BatchExtensions.WaitTimeout);
        release.SetResult();
        OperationBatch<int, int> nested = await inner.Task.WaitAsync(BatchExtensions.WaitTimeout);
        nested.TryEnqueue(7);

        Assert.Equal(0, _workers.Woken);
    }

    [Fact]
    public async Task NestedBatch_OutlivesItsStarter_ItWaitsForAPlaceOfItsOwn()
    {
        OperationScheduler<int, int> scheduler = NewScheduler(new OperationSettings { MaxConcurrent = 1, BatchSize = 1 });
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
        await second.Task.WaitAsync(BatchExtensions.WaitTimeout);
        OperationBatch<int, int> nested = await inner.Task;

        nested.TryEnqueue(7);
        Assert.Equal(0, _workers.Woken);
        release.SetResult(2);

        await BatchExtensions.EventuallyAsync(() => _workers.Woken == 1);
        Assert.Equal([7], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    [Fact]
    public async Task Executor_AnyBatch_SeesTheContextOfWhoeverStartedIt()
    {
        var ambient = new AsyncLocal<string> { Value = "starter" };
        await using var scheduler = new OperationScheduler<int, string?>();
        OperationBatch<int, string?> batch = scheduler.StartBatch((_, _) => ValueTask.FromResult<string?>(ambient.Value));
        ambient.Value = "enqueuer";

        List<OperationResult<int, string?>> results = await batch.RunAllAsync([new Operation<int>(1)]);

        Assert.Equal("starter", results.Single().Output);
    }

    private OperationScheduler<int, int> NewScheduler(OperationSettings settings) =>
        new(new OperationSchedulerOptions { TimeProvider = _clock, Settings = settings });
}

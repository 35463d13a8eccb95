using FsCheck;
using FsCheck.Fluent;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

/// <summary>Every operation that was accepted ends as exactly one result, whatever happens to it, its worker and its batch.</summary>
public sealed class ExactlyOnceTests
{
    /// <summary>What a batch is made of in a run.</summary>
    private sealed record Plan(
        int Seed, int Count, int MaxConcurrent, int BatchSize, int Capacity, int Retries, bool Blocking, bool Ordered, bool Unbounded, int StopAfter);

    [Fact]
    public void Scheduler_AnyPlan_EveryAcceptedOperationEndsOnce()
    {
        Gen<Plan> plans =
            from seed in Gen.Choose(0, int.MaxValue)
            from count in Gen.Choose(0, 200)
            from maxConcurrent in Gen.Choose(1, 12)
            from batchSize in Gen.Choose(1, 50)
            from capacity in Gen.Choose(1, 200)
            from retries in Gen.Choose(0, 2)
            from flags in Gen.Choose(0, 7)
            from stopAfter in Gen.Frequency((3, Gen.Constant(int.MaxValue)), (1, Gen.Choose(0, 200)))
            select new Plan(
                seed, count, maxConcurrent, batchSize, capacity, retries, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, stopAfter);

        Prop.ForAll(plans.ToArbitrary(), plan => RunAsync(plan).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50));
    }

    [Fact]
    public async Task Scheduler_TwentyThousandOperationsWithEverythingGoingWrong_EachEndsOnce() =>
        await RunAsync(new Plan(42, 20_000, 8, 20, 500, 2, false, false, false, int.MaxValue));

    [Fact]
    public async Task Scheduler_ManyShortBatches_TheLastResultsAreNotLost()
    {
        await using var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            Settings = new OperationSettings { MaxConcurrent = 8, BatchSize = 2 },
        });
        for (int i = 0; i < 5_000; i++)
        {
            int count = 0;
            await foreach (OperationResult<int, int> result in scheduler.RunAsync(
                Enumerable.Range(0, 20), static (operation, _) => ValueTask.FromResult(operation.Input)))
            {
                count++;
            }

            Assert.Equal(20, count);
        }
    }

    private static async Task RunAsync(Plan plan)
    {
        var random = new Random(plan.Seed);
        await using var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            Settings = new OperationSettings { MaxConcurrent = plan.MaxConcurrent, BatchSize = plan.BatchSize, BatchFlush = TimeSpan.FromMilliseconds(1) },
            StopGrace = BatchExtensions.WaitTimeout,
        });
        OperationBatch<int, int> batch = scheduler.StartBatch(
            () => new FaultyWorker(random.Next(), plan.Blocking),
            new OperationBatchOptions<int, int>
            {
                Capacity = plan.Capacity,
                Ordered = plan.Ordered,
                UnboundedOutput = plan.Unbounded,
                Timeout = TimeSpan.FromMilliseconds(5),
                Retry = new RetryOptions { MaxRetries = plan.Retries, BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(3) },
                TypeLimits = new Dictionary<string, int> { ["limited"] = 2 },
            });
        List<OperationResult<int, int>> results = await FeedAsync(batch, plan, random);

        Assert.Equal(batch.Progress.Accepted, results.Count);
        Assert.Equal(results.Count, results.Select(result => result.Operation.Sequence).Distinct().Count());
        Assert.Equal(results.Count, batch.Progress.Ended);
        Assert.All(results, result => Assert.Equal(result.Status == OperationStatus.Succeeded, result.Error is null));
        Assert.All(results, result => Assert.InRange(result.Attempts, 0, plan.Retries + 1));
        Assert.All(
            results.Where(result => result.Status == OperationStatus.Succeeded && !result.FromCache),
            result => Assert.Equal(result.Input, result.Output));
        if (plan.Ordered)
        {
            Assert.Equal(results.Select(result => result.Operation.Sequence).Order(), results.Select(result => result.Operation.Sequence));
        }

        await batch.Completion.WaitAsync(BatchExtensions.WaitTimeout);
    }

    private static async Task<List<OperationResult<int, int>>> FeedAsync(OperationBatch<int, int> batch, Plan plan, Random random)
    {
        using var timeout = new CancellationTokenSource(BatchExtensions.WaitTimeout * 2);
        List<OperationResult<int, int>> results = [];
        for (int i = 0; i < plan.Count && i < plan.StopAfter; i++)
        {
            Operation<int> operation = NewOperation(i, random);
            while (!batch.TryEnqueue(operation))
            {
                await batch.WaitToReadAsync(timeout.Token);
                results.AddRange(batch.ReadAvailable());
            }
        }

        if (plan.StopAfter == int.MaxValue)
        {
            batch.Complete();
        }
        else
        {
            batch.Cancel();
        }

        await foreach (OperationResult<int, int> result in batch.ReadAllAsync(timeout.Token))
        {
            results.Add(result);
        }

        return results;
    }

    private static Operation<int> NewOperation(int input, Random random) => new(input)
    {
        Id = random.Next(4) == 0 ? $"id{random.Next(20)}" : null,
        Type = random.Next(5) == 0 ? "limited" : null,
        Priority = (OperationPriority)random.Next(3),
    };

    /// <summary>Succeeds, fails, takes too long, or is lost, as chance has it.</summary>
    private sealed class FaultyWorker(int seed, bool blocking) : IOperationWorker<int, int>
    {
        private readonly Random _random = new(seed);

        public void Wake(OperationLane<int, int> lane)
        {
            if (_random.Next(50) == 0)
            {
                throw new InvalidOperationException("could not start");
            }

            if (blocking)
            {
                new Thread(() => Pull(lane)).Start();
            }
            else
            {
                _ = Task.Run(() => PullAsync(lane));
            }
        }

        public void Dispose()
        {
            // Nothing to release: the pull ends by itself.
        }

        private void Pull(OperationLane<int, int> lane)
        {
            bool goesOn = true;
            while (goesOn && lane.Next(out Operation<int>? operation))
            {
                int chance = _random.Next(200);
                if (chance == 1)
                {
                    lane.Token.WaitHandle.WaitOne(BatchExtensions.WaitTimeout);
                }

                goesOn = End(lane, operation, chance);
            }
        }

        private async Task PullAsync(OperationLane<int, int> lane)
        {
            bool goesOn = true;
            while (goesOn && lane.TryNext(out Operation<int>? operation))
            {
                int chance = _random.Next(200);
                if (chance == 1)
                {
                    await Task.Delay(BatchExtensions.WaitTimeout, lane.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                }

                goesOn = End(lane, operation, chance);
            }
        }

        /// <summary>Ends an operation, and with one chance the worker.</summary>
        private static bool End(OperationLane<int, int> lane, Operation<int> operation, int chance)
        {
            if (chance == 0)
            {
                lane.Lost(new InvalidOperationException("lost"));
            }
            else if (chance < 40)
            {
                lane.Fail(new InvalidOperationException("failed"));
            }
            else
            {
                lane.Succeed(operation.Input);
            }

            return chance != 0;
        }
    }
}

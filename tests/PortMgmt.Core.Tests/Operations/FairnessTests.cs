using Microsoft.Extensions.Time.Testing;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

/// <summary>Batches of one scheduler share its places: none waits for another's end, and together they never have more than there are.</summary>
public sealed class FairnessTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public void Batches_MoreThanPlaces_TakeTurnsByHandOff(int places, int batches)
    {
        OperationScheduler<int, int> scheduler = NewScheduler(places);
        for (int batch = 0; batch < batches; batch++)
        {
            OperationBatch<int, int> open = scheduler.StartBatch(_workers.Make);
            for (int i = 0; i < 100; i++)
            {
                open.TryEnqueue(batch);
            }
        }

        var served = new HashSet<int>();
        for (int turn = 0; turn < batches + places && _workers.Woken > 0; turn++)
        {
            foreach (int batch in TakeHandOff(_workers.TakeWoken()))
            {
                served.Add(batch);
            }
        }

        Assert.Equal(Enumerable.Range(0, batches), served.Order());
    }

    [Fact]
    public async Task Batches_SeveralNestedInOneOperation_TheLimitHolds()
    {
        int running = 0;
        int highest = 0;
        await using var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            Settings = new OperationSettings { MaxConcurrent = 1, BatchSize = 4 },
        });
        OperationBatch<int, int> outer = scheduler.StartBatch(async (_, _) => (await Task.WhenAll(Inner(), Inner(), Inner())).Sum());

        List<OperationResult<int, int>> results = await outer.RunAllAsync([new Operation<int>(1), new Operation<int>(2)]);

        Assert.Equal([60, 60], results.Select(result => result.Output));
        Assert.Equal(1, highest);

        async Task<int> Inner()
        {
            OperationBatch<int, int> inner = scheduler.StartBatch(async (_, _) =>
            {
                int now = Interlocked.Increment(ref running);
                int seen;
                while ((seen = Volatile.Read(ref highest)) < now)
                {
                    Interlocked.CompareExchange(ref highest, now, seen);
                }

                await Task.Yield();
                Interlocked.Decrement(ref running);
                return 1;
            });
            return (await inner.RunAllAsync(Enumerable.Range(0, 20).Select(i => new Operation<int>(i)))).Sum(result => result.Output);
        }
    }

    private static List<int> TakeHandOff(OperationLane<int, int> lane)
    {
        List<int> inputs = [];
        while (lane.TryNext(out Operation<int>? operation))
        {
            inputs.Add(operation.Input);
            lane.Succeed(operation.Input);
            if (lane.IsBetweenChunks)
            {
                break;
            }
        }

        // Asks for the next hand-off, as a worker does.
        if (lane.TryNext(out Operation<int>? next))
        {
            inputs.Add(next.Input);
            lane.Succeed(next.Input);
        }

        return inputs;
    }

    private OperationScheduler<int, int> NewScheduler(int places) => new(new OperationSchedulerOptions
    {
        TimeProvider = _clock,
        Settings = new OperationSettings { MaxConcurrent = places, BatchSize = 10 },
    });
}

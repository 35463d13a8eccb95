using Microsoft.Extensions.Time.Testing;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

/// <summary>
/// Operations of a second among operations of microseconds, in the time of a test clock: whatever the hand-offs held, results come in the
/// order of the inputs as early as if each worker took one operation after the other.
/// </summary>
public sealed class UnequalOperationsTests
{
    private const int Lanes = 4;
    private const double Slow = 1000;
    private const double Tolerance = 300;

    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();
    private readonly List<(OperationLane<int, int> Lane, int Input, double Ends)> _running = [];
    private double _now;

    public static TheoryData<string, int, int> Kinds
    {
        get
        {
            TheoryData<string, int, int> kinds = [];
            foreach (string pattern in new[]
            {
                "s8", "s8 f300", "f3 s8", "f20 s8", "f100 s8", "f1000 s8", "f100 s8 f300", "f1000 s8 f300", "f12 s8 f300", "f37 s12 f5 s8 f300",
                "s8 f300 s8", "f200 s1 f200 s8 f300", "s1 f1 s1 f1 s1 f1 s1 f1 s1 f1 s1 f1", "f1 s1 f1 s1 f1 s1 f1 s1 f1 s1 f1 s1",
                "f3 s1 f3 s1 f3 s1 f3 s1 f3 s1 f3 s1", "f2 s2 f2 s2 f2 s2 f2 s2", "s4 f300 s4 f300 s4",
            })
            {
                kinds.Add(pattern, 100, 1);
                kinds.Add(pattern, 100, 2);
                kinds.Add(pattern, 7, 3);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ordered_SlowAmongFast_ComesAsFromWorkersThatTakeOneAfterTheOther(string pattern, int batchSize, int seed)
    {
        bool[] slow = [.. pattern.Split(' ').SelectMany(part => Enumerable.Repeat(part[0] == 's', int.Parse(part[1..])))];
        var random = new Random(seed);
        double[] times = [.. slow.Select(isSlow => isSlow ? Slow : 0.002 + (0.05 * random.NextDouble()))];

        double[] ends = Run(times, batchSize);

        double[] expected = InOrder(TakeOneByOne(times));
        double[] actual = InOrder(ends);
        Assert.All(Enumerable.Range(0, times.Length), i => Assert.InRange(actual[i], 0, expected[i] + Tolerance));
    }

    private static double[] InOrder(double[] ends)
    {
        double latest = 0;
        return [.. ends.Select(end => latest = Math.Max(latest, end))];
    }

    private static double[] TakeOneByOne(double[] times)
    {
        double[] free = new double[Lanes];
        return [.. times.Select(time => free[Array.IndexOf(free, free.Min())] += time)];
    }

    private double[] Run(double[] times, int batchSize)
    {
        double[] ends = new double[times.Length];
        OperationBatch<int, int> batch = Start(batchSize, times.Length);
        for (int i = 0; i < times.Length; i++)
        {
            Assert.True(batch.TryEnqueue(i));
        }

        batch.Complete();
        PullWoken(times);
        while (_running.Count > 0)
        {
            (OperationLane<int, int> lane, int input, double due) = _running.MinBy(one => one.Ends);
            if (AdvanceTo(due))
            {
                _running.RemoveAll(one => one.Lane == lane);
                ends[input] = _now;
                lane.Succeed(0);
                Pull(lane, times);
            }

            PullWoken(times);
        }

        Assert.DoesNotContain(0, ends);
        return ends;
    }

    // In steps, so that what the batch does in between comes in its time.
    private bool AdvanceTo(double due)
    {
        double next = Math.Min(due, _now + 5);
        _clock.Advance(TimeSpan.FromMilliseconds(next - _now));
        _now = next;
        return next >= due;
    }

    private void PullWoken(double[] times)
    {
        while (_workers.Woken > 0)
        {
            Pull(_workers.TakeWoken(), times);
        }
    }

    private void Pull(OperationLane<int, int> lane, double[] times)
    {
        if (lane.TryNext(out Operation<int>? operation))
        {
            _running.Add((lane, operation.Input, _now + times[operation.Input]));
        }
    }

    private OperationBatch<int, int> Start(int batchSize, int capacity)
    {
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            Settings = new OperationSettings { MaxConcurrent = Lanes, BatchSize = batchSize, BatchFlush = TimeSpan.FromMilliseconds(10) },
            TimeProvider = _clock,
        });
        return scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { Capacity = capacity });
    }
}

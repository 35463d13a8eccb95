using FsCheck;
using FsCheck.Fluent;
using PortMgmt.Metrics;
using PortMgmt.Metrics.Recording;
using Xunit;

namespace PortMgmt.Core.Tests.Metrics;

public sealed class OperationTimelineTests
{
    private const long Origin = 1_000_000;
    private const long Width = 100;
    private static readonly OperationClock Clock = new(TimeProvider.System);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void AttemptWithinOneCellMeansAreItsShares()
    {
        var timeline = new OperationTimeline(Origin, Width);
        timeline.Attempt(Origin + 10, Origin + 30, Origin + 80, 4);
        timeline.End(Origin + 80, 4, failed: false);

        TimelineBucket bucket = Assert.Single(Read(timeline));

        Assert.Equal((0.8, 0.5), (bucket.Waiting, bucket.Running));
        Assert.Equal((4L, 0L), (bucket.Ended, bucket.Failed));
    }

    [Fact]
    public void AttemptOverManyCellsRunsInAllOfThem()
    {
        var timeline = new OperationTimeline(Origin, Width);
        timeline.Attempt(Origin + 50, Origin + 150, Origin + 950, 1);

        List<TimelineBucket> buckets = Read(timeline);

        Assert.Equal([0, 1, 2, 9], buckets.Select(bucket => (int)Math.Round((bucket.Start - Start) / Clock.ToTimeSpan(Width))));
        Assert.Equal([0, 0.5, 1, 0.5], buckets.Select(bucket => bucket.Running));
        Assert.Equal([0.5, 0.5, 0, 0], buckets.Select(bucket => bucket.Waiting));
        Assert.Equal(7, buckets[2].Duration / buckets[0].Duration, 6);
    }

    [Fact]
    public void IdleTimeTakesNoRoom()
    {
        var timeline = new OperationTimeline(Origin, Width);
        timeline.Attempt(Origin, Origin, Origin + 10, 1);
        timeline.Attempt(Origin + 1_000_000_000, Origin + 1_000_000_000, Origin + 1_000_000_010, 1);

        List<TimelineBucket> buckets = Read(timeline);

        Assert.Equal([0.1, 0.1], buckets.Select(bucket => bucket.Running));
        Assert.Equal(10_000_000, (buckets[1].Start - Start) / buckets[0].Duration, 3);
    }

    [Fact]
    public void BeforeTheOriginCountsInTheFirstCell()
    {
        var timeline = new OperationTimeline(Origin, Width);
        timeline.Attempt(Origin - 500, Origin - 400, Origin + 50, 1);

        Assert.Equal((0.0, 0.5), (Assert.Single(Read(timeline)).Waiting, Read(timeline)[0].Running));
    }

    [Fact]
    public void AnyLoadSizeIsBoundedAndTotalsAreExact()
    {
        Arbitrary<(int, int, int, bool)[]> loads = Gen.Choose(0, 60_000).Two().SelectMany(
            start => Gen.Choose(0, 5000).SelectMany(length => Gen.Choose(1, 5).SelectMany(
                count => Gen.Elements(true, false).Select(failed => (start.Item1, length, count, failed))))).ListOf(1500).Select(list => list.ToArray()).ToArbitrary();

        Prop.ForAll(loads, AssertExact).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AddToAnotherIsAsIfNotedThere()
    {
        Arbitrary<(int, int, int, bool)[]> loads = Gen.Choose(0, 200_000).SelectMany(start => Gen.Choose(0, 3000).Select(length => (start, length, 1, false)))
            .ListOf(600).Select(list => list.ToArray()).ToArbitrary();

        Prop.ForAll(loads, loads, (one, other) =>
        {
            var split = new OperationTimeline(Origin, Width);
            var part = new OperationTimeline(Origin, Width);
            var whole = new OperationTimeline(Origin, Width);
            Note(split, one);
            Note(part, other);
            part.AddTo(split);
            Note(whole, one);
            Note(whole, other);
            AssertTotals(split, Ended(whole), Integral(whole, bucket => bucket.Running), Integral(whole, bucket => bucket.Waiting));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AddToAnEmptyOneIsACopy()
    {
        var timeline = new OperationTimeline(Origin, Width);
        for (int i = 0; i < 10 * OperationTimeline.MaxCells; i++)
        {
            timeline.Attempt(Origin + (i * Width), Origin + (i * Width), Origin + (i * Width) + 50, 1);
        }

        var copy = new OperationTimeline(Origin, Width);

        timeline.AddTo(copy);

        Assert.Equal(Read(timeline), Read(copy));
    }

    private static void AssertExact((int Start, int Length, int Count, bool Failed)[] load)
    {
        var timeline = new OperationTimeline(Origin, Width);
        Note(timeline, load);

        AssertTotals(timeline, load.Sum(item => item.Count), load.Sum(item => (double)item.Length), load.Sum(item => (double)item.Length * item.Count));
        Assert.Equal(load.Where(item => item.Failed).Sum(item => item.Count), Read(timeline).Sum(bucket => bucket.Failed));
    }

    private static void AssertTotals(OperationTimeline timeline, long ended, double running, double waiting)
    {
        List<TimelineBucket> buckets = Read(timeline);
        Assert.InRange(buckets.Count, 0, 2 * OperationTimeline.MaxCells);
        Assert.Equal(ended, Ended(timeline));
        Assert.Equal(running, Integral(timeline, bucket => bucket.Running), 1e-6 * (1 + running));
        Assert.Equal(waiting, Integral(timeline, bucket => bucket.Waiting), 1e-6 * (1 + waiting));
        Assert.All(buckets.Zip(buckets.Skip(1)), pair => Assert.True(pair.First.Start + pair.First.Duration <= pair.Second.Start + TimeSpan.FromTicks(1)));
    }

    private static void Note(OperationTimeline timeline, (int Start, int Length, int Count, bool Failed)[] load)
    {
        foreach ((int start, int length, int count, bool failed) in load)
        {
            timeline.Attempt(Origin + start, Origin + start + length, Origin + start + (2 * length), count);
            timeline.End(Origin + start + (2 * length), count, failed);
        }
    }

    private static List<TimelineBucket> Read(OperationTimeline timeline) => timeline.ToBuckets(Clock, Start);

    private static long Ended(OperationTimeline timeline) => Read(timeline).Sum(bucket => bucket.Ended);

    private static double Integral(OperationTimeline timeline, Func<TimelineBucket, double> figure) =>
        Read(timeline).Sum(bucket => figure(bucket) * (bucket.Duration / Clock.ToTimeSpan(Width)) * Width);
}

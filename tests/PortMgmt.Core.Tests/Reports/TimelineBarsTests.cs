using PortMgmt.Metrics;
using PortMgmt.Reports.Charts;
using Xunit;

namespace PortMgmt.Core.Tests.Reports;

public sealed class TimelineBarsTests
{
    private static readonly TimeSpan Unit = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(1)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(1000)]
    public void From_AnyNumberOfBuckets_KeepsEveryOperationAndTheTime(int count)
    {
        TimelineBucket[] buckets = [.. Enumerable.Range(0, count).Select(i => Bucket(i, ended: i, failed: i % 3, running: i % 5))];

        IReadOnlyList<TimelineBucket> bars = TimelineBars.From(buckets);

        Assert.InRange(bars.Count, Math.Min(count, 24), 48);
        Assert.Equal(buckets.Sum(bucket => bucket.Ended), bars.Sum(bar => bar.Ended));
        Assert.Equal(buckets.Sum(bucket => bucket.Failed), bars.Sum(bar => bar.Failed));
        Assert.Equal(buckets.Sum(bucket => bucket.Running * bucket.Duration.Ticks), bars.Sum(bar => bar.Running * bar.Duration.Ticks), 1e-3 * Unit.Ticks);
        Assert.Equal(buckets.Sum(bucket => bucket.Duration.Ticks), bars.Sum(bar => bar.Duration.Ticks));
    }

    [Fact]
    public void From_IdleTimeBetween_StaysBetweenBars()
    {
        TimelineBucket[] buckets = [.. Enumerable.Range(0, 200).Where(i => i is < 99 or > 150).Select(i => Bucket(i, ended: 1, failed: 0, running: 1))];

        IReadOnlyList<TimelineBucket> bars = TimelineBars.From(buckets);

        Assert.Contains(bars, bar => bar.Start + bar.Duration == buckets[98].Start + Unit);
        Assert.Contains(bars, bar => bar.Start == buckets[99].Start);
    }

    private static TimelineBucket Bucket(int index, long ended, long failed, double running) =>
        new() { Start = DateTimeOffset.UnixEpoch + (index * Unit), Duration = Unit, Ended = ended, Failed = failed, Running = running, Waiting = running };
}

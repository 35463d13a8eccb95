using FsCheck;
using FsCheck.Fluent;
using PortMgmt.Metrics;
using Xunit;

namespace PortMgmt.Core.Tests.Metrics;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Shares = [1, 25, 50, 75, 90, 95, 99, 99.9, 100];

    [Fact]
    public void PercentileMicrosecondsToMinutesIsWithinThreePercentOfExact()
    {
        // Each value is 10^(2..11.8) ns, so every order of magnitude from 100 ns to 10 minutes is there.
        var latencies = Gen.Choose(2000, 11800).Select(exponent => (long)Math.Pow(10, exponent / 1000.0)).NonEmptyListOf()
            .Select(list => list.ToArray()).ToArbitrary();

        Prop.ForAll(latencies, values => AssertClose(values)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void PercentileSkewedLoadIsWithinThreePercentOfExact()
    {
        var random = new Random(20260731);
        long[] values = new long[200_000];
        for (int i = 0; i < values.Length; i++)
        {
            // A log-normal body around 50 µs with one operation in a hundred around 20 s.
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            values[i] = (long)((random.Next(100) == 0 ? 20e9 : 50e3) * Math.Exp(normal));
        }

        AssertClose(values);
    }

    [Fact]
    public void RecordEveryValueFallsIntoABucketWhoseMiddleIsClose()
    {
        for (ulong value = 1; value < 1UL << 62; value += 1 + (value / 7))
        {
            int row = LatencyHistogram.RowOf(value);
            double middle = LatencyHistogram.MiddleOf(row, LatencyHistogram.BucketOf(value, row));
            Assert.InRange(middle / value, 1 - (1.0 / 64), 1 + (1.0 / 64));
        }
    }

    [Fact]
    public void SummarizeNothingRecordedIsZero()
    {
        LatencySummary summary = Distribution([]).Summarize();

        Assert.Equal(new LatencySummary(), summary);
    }

    [Fact]
    public void SummarizeOneOperationEveryFigureIsThatOne()
    {
        LatencySummary summary = Distribution([1_234_567_800]).Summarize();

        var only = TimeSpan.FromTicks(12_345_678);
        Assert.Equal(new LatencySummary { Count = 1, P50 = only, P95 = only, P99 = only, Max = only, Mean = only }, summary);
    }

    [Fact]
    public void RecordNegativeDurationCountsAsZero()
    {
        LatencySummary summary = Distribution([-5]).Summarize();

        Assert.Equal(1, summary.Count);
        Assert.Equal(TimeSpan.Zero, summary.Max);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(14)]
    [InlineData(28)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(57)]
    public void PercentileWholePercentOfAHundredIsThatOne(int percent)
    {
        // Each is further from its neighbours than a bucket is wide.
        long[] values = [.. Enumerable.Range(1, 100).Select(i => (long)(1_000 * Math.Pow(1.2, i)))];

        Assert.InRange(Distribution(values).Percentile(percent).Ticks * 100.0, values[percent - 1] * 0.96, values[percent - 1] * 1.04);
    }

    [Fact]
    public void RecordLongDurationsTheirSumDoesNotOverflow()
    {
        var histogram = new LatencyHistogram();
        histogram.Record((long)TimeSpan.FromMinutes(30).TotalNanoseconds, 20_000_000);
        var distribution = new LatencyDistribution();
        histogram.AddTo(distribution);

        Assert.Equal(TimeSpan.FromMinutes(30), distribution.Mean);
    }

    [Fact]
    public void RecordNegativeCountThrows() => Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Record(1, -1));

    [Fact]
    public void RecordLongestDurationIsKept()
    {
        LatencyDistribution distribution = Distribution([long.MaxValue]);

        Assert.Equal(1, distribution.Count);
        Assert.InRange(distribution.Max.TotalDays, 106_000, 107_000);
    }

    [Fact]
    public void AddToSeveralHistogramsIsTheSameAsOne()
    {
        var random = new Random(7);
        long[] values = [.. Enumerable.Range(0, 10_000).Select(_ => random.NextInt64(1, 60_000_000_000))];
        var merged = new LatencyDistribution();
        foreach (long[] part in values.Chunk(777))
        {
            Histogram(part).AddTo(merged);
        }

        Assert.Equal(Distribution(values).Summarize(), merged.Summarize());
    }

    [Fact]
    public void RecordCountIsTheSameAsThatManyRecords()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(5_000, 3);
        var counted = new LatencyDistribution();
        histogram.AddTo(counted);

        Assert.Equal(Distribution([5_000, 5_000, 5_000]).Summarize(), counted.Summarize());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void PercentileOutOfRangeThrows(double percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Distribution([1]).Percentile(percent));

    [Fact]
    public async Task AddToWhileWritingSeesOnlyWholeCounts()
    {
        var histogram = new LatencyHistogram();
        var writer = Task.Run(() =>
        {
            for (int i = 0; i < 200_000; i++)
            {
                histogram.Record(i * 37L);
            }
        });
        long before = 0;
        while (!writer.IsCompleted)
        {
            var snapshot = new LatencyDistribution();
            histogram.AddTo(snapshot);
            Assert.InRange(snapshot.Count, before, 200_000);
            before = snapshot.Count;
        }

        await writer;
        var final = new LatencyDistribution();
        histogram.AddTo(final);
        Assert.Equal(200_000, final.Count);
    }

    private static void AssertClose(long[] values)
    {
        long[] sorted = [.. values.Order()];
        LatencyDistribution distribution = Distribution(values);
        foreach (double share in Shares)
        {
            double exact = sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length / 100) - 1)];
            double found = distribution.Percentile(share).Ticks * 100.0;

            // A TimeSpan counts 100 ns: half of that is lost beside the histogram's own error.
            Assert.InRange(found, (exact * 0.969) - 50, (exact * 1.031) + 50);
        }

        Assert.Equal(sorted[^1], distribution.Max.Ticks * 100.0, 50.0);
        Assert.Equal(values.Average(value => (double)value), distribution.Mean.Ticks * 100.0, 60.0);
    }

    private static LatencyDistribution Distribution(long[] values)
    {
        var distribution = new LatencyDistribution();
        Histogram(values).AddTo(distribution);
        return distribution;
    }

    private static LatencyHistogram Histogram(long[] values)
    {
        var histogram = new LatencyHistogram();
        foreach (long value in values)
        {
            histogram.Record(value);
        }

        return histogram;
    }
}

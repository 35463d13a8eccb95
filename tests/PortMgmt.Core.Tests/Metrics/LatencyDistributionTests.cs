using PortMgmt.Metrics;
using Xunit;

namespace PortMgmt.Core.Tests.Metrics;

public sealed class LatencyDistributionTests
{
    [Fact]
    public void Distribution_NothingCounted_IsZeroThroughout()
    {
        var nothing = new LatencyDistribution();

        Assert.Equal((0L, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), (nothing.Count, nothing.Mean, nothing.Max, nothing.Percentile(50)));
        Assert.Empty(nothing.Buckets());
        Assert.Equal(new LatencySummary(), nothing.Summarize());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void Percentile_OfNoShare_IsRefused(double percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyDistribution().Percentile(percent));
}

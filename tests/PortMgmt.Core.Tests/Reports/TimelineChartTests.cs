using PortMgmt.Metrics;
using PortMgmt.Reports.Charts;
using PortMgmt.Reports.Pages;
using Xunit;

namespace PortMgmt.Core.Tests.Reports;

public sealed class TimelineChartTests
{
    [Theory]
    [InlineData(10, ">limit 10</text>")]
    [InlineData(14, ">limit 10 at the end</text>")]
    public void Draw_Limit_SaysWhenItHeld(double running, string label)
    {
        var html = new Html();
        TimelineBucket[] buckets = [.. Enumerable.Range(0, 3).Select(i => new TimelineBucket
        {
            Start = DateTimeOffset.UnixEpoch.AddSeconds(i),
            Duration = TimeSpan.FromSeconds(1),
            Running = running,
        })];

        new TimelineChart(buckets, ChartSize.Wide, 10).Draw(html, "x");

        Assert.Contains(label, html.ToString(), StringComparison.Ordinal);
    }
}

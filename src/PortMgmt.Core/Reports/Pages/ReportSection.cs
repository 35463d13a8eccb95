using System.Globalization;
using PortMgmt.Advice;
using PortMgmt.Metrics;
using PortMgmt.Reports.Charts;
using PortMgmt.Text;

namespace PortMgmt.Reports.Pages;

/// <summary>What a page says of one scheduler.</summary>
/// <param name="zone">The time zone of its times.</param>
internal sealed class ReportSection(TimeZoneInfo zone)
{
    private static readonly ChartSize[] Sizes = [ChartSize.Wide, ChartSize.Narrow];

    private readonly OperationTables _tables = new(zone);

    /// <summary>Adds the section.</summary>
    /// <param name="html">To what.</param>
    /// <param name="report">What it says.</param>
    /// <param name="id">Its id on the page, unique.</param>
    public void Add(Html html, OperationReport report, string id)
    {
        html.Add($"<article id=\"{id}\" aria-labelledby=\"{id}-h\">\n<header>\n<h1 id=\"{id}-h\">{report.Name}</h1>\n");
        AddLead(html, report);
        html.Add($"</header>\n");
        AddTiles(html, report);
        AddFindings(html, report.Findings);
        if (report.Total.Count > 0)
        {
            AddLatency(html, report, id);
        }

        if (report.History.Timeline.Count > 0)
        {
            AddTimeline(html, report, id);
        }

        if (report.History.Failed.Count > 0)
        {
            html.Add($"<h2>Last failed operations</h2>\n");
            _tables.AddOperations(html, report.History.Failed, withErrors: true);
        }

        if (report.History.Slowest.Count > 0)
        {
            html.Add($"<h2>Slowest operations</h2>\n");
            _tables.AddOperations(html, report.History.Slowest, withErrors: false);
        }

        if (report.History.Types.Count > 0)
        {
            html.Add($"<h2>Types of operations</h2>\n");
            OperationTables.AddTypes(html, report.History.Types);
        }

        html.Add($"<h2>Settings and figures</h2>\n");
        OperationTables.AddDetails(html, report.Figures);
        html.Add($"</article>\n");
    }

    private void AddLead(Html html, OperationReport report)
    {
        OperationHealth health = report.Figures.Health;
        html.Add($"<p class=\"soft\">Node {health.NodeId}{(health.ClusterId is null ? "" : $", cluster {health.ClusterId}")}. Since {Day(report.History.Since)}, at work for {Quantity.Time(report.Figures.Metrics.ActiveTime)} of that.</p>\n");
        long open = health.ActiveOperations + health.QueuedOperations;
        if (open > 0)
        {
            html.Add($"<p class=\"soft\">{Quantity.Count(health.ActiveOperations)} operations run and {Quantity.Count(health.QueuedOperations)} wait at this moment. They are not in the charts yet.</p>\n");
        }
    }

    private static void AddTiles(Html html, OperationReport report)
    {
        OperationMetrics metrics = report.Figures.Metrics;
        LatencySummary total = metrics.Latency.Total;
        long failed = metrics.Failed + metrics.TimedOut;
        html.Add($"<dl class=\"tiles\">\n");
        AddTile(html, "Operations", Quantity.Count(metrics.TotalOperations), Unstarted(metrics));
        AddTile(html, "Succeeded", Quantity.Share(metrics.SuccessRate / 100), $"{Quantity.Count(failed)} failed");
        AddTile(html, "Throughput", Quantity.Rate(metrics.Throughput), "while at work");
        AddTile(html, "Median with waiting", Quantity.Time(total.P50), $"{Quantity.Time(metrics.Latency.Service.P50)} without");
        AddTile(html, "p99 with waiting", Quantity.Time(total.P99), $"longest {Quantity.Time(total.Max)}");
        AddTile(html, "Cache", report.Figures.CacheRequests == 0 ? "not used" : Quantity.Share(metrics.CacheHitRate), report.Figures.CacheRequests == 0 ? "no operation had an id" : "answered from it");
        html.Add($"</dl>\n");
    }

    private static string Unstarted(OperationMetrics metrics) => (metrics.Cancelled, metrics.Rejected) switch
    {
        (0, 0) => "none cancelled",
        (_, 0) => $"{Quantity.Count(metrics.Cancelled)} cancelled",
        _ => $"{Quantity.Count(metrics.Cancelled)} cancelled, {Quantity.Count(metrics.Rejected)} rejected",
    };

    private static void AddTile(Html html, string name, string value, string more) =>
        html.Add($"<div><dt>{name}</dt><dd>{value}</dd><dd>{more}</dd></div>\n");

    private static void AddFindings(Html html, IReadOnlyList<OperationFinding> findings)
    {
        html.Add($"<h2>Findings</h2>\n");
        if (findings.Count == 0)
        {
            html.Add($"<p>Nothing speaks against the settings.</p>\n");
            return;
        }

        html.Add($"<ul class=\"findings\">\n");
        foreach (OperationFinding finding in findings)
        {
            html.Add($"<li class=\"{finding.Severity.ToString().ToLowerInvariant()}\"><b>{finding.Severity.ToString()}: {finding.Rule}.</b> {finding.Evidence}<br>{finding.Recommendation}");
            if (finding.Parameter is { } parameter)
            {
                html.Add($" <code>-{parameter}{(finding.SuggestedValue is { } value ? string.Create(CultureInfo.InvariantCulture, $" {value}") : "")}</code>");
            }

            html.Add($"</li>\n");
        }

        html.Add($"</ul>\n");
    }

    private static void AddLatency(Html html, OperationReport report, string id)
    {
        html.Add($"<h2>Latency</h2>\n<figure>\n");
        foreach (ChartSize size in Sizes)
        {
            new LatencyChart(report, size).Draw(html, $"{id}-latency-{size.Style}");
        }

        html.Add($"<figcaption>Operations by how long they took, on a logarithmic axis. Answers from the cache are not counted.</figcaption>\n</figure>\n");
        OperationTables.AddLatencies(html, report.Figures.Metrics.Latency);
    }

    private void AddTimeline(Html html, OperationReport report, string id)
    {
        IReadOnlyList<TimelineBucket> bars = TimelineBars.From(
            [.. report.History.Timeline.Select(bucket => bucket with { Start = TimeZoneInfo.ConvertTime(bucket.Start, zone) })]);
        html.Add($"<h2>Over time</h2>\n<figure>\n");
        foreach (ChartSize size in Sizes)
        {
            new TimelineChart(bars, size, report.Figures.ConcurrencyLimit).Draw(html, $"{id}-time-{size.Style}");
        }

        bool hasFailed = bars.Any(bucket => bucket.Failed > 0);
        html.Add($"<figcaption>From {Day(bars[0].Start)} to {Day(bars[^1].Start + bars[^1].Duration)}. Bars are means of {Quantity.Time(bars.Max(bar => bar.Duration))}.{(hasFailed ? " Failed operations are red." : "")}</figcaption>\n</figure>\n");
    }

    private string Day(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}

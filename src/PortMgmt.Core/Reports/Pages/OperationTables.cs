using System.Globalization;
using PortMgmt.Advice;
using PortMgmt.Metrics;
using PortMgmt.Operations.History;
using PortMgmt.Text;

namespace PortMgmt.Reports.Pages;

/// <summary>The tables of a report.</summary>
/// <param name="zone">The time zone of times of day.</param>
internal sealed class OperationTables(TimeZoneInfo zone)
{
    /// <summary>The usual figures of the latencies.</summary>
    public static void AddLatencies(Html html, OperationLatency latency)
    {
        html.Add($"<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Latency</th><th scope=\"col\" class=\"num\">p50</th><th scope=\"col\" class=\"num\">p95</th><th scope=\"col\" class=\"num\">p99</th><th scope=\"col\" class=\"num\">longest</th><th scope=\"col\" class=\"num\">mean</th><th scope=\"col\" class=\"num\">counted</th></tr></thead><tbody>\n");
        AddLatency(html, "Total, from acceptance to the result", latency.Total);
        AddLatency(html, "Waiting for the first start", latency.Queue);
        AddLatency(html, "Service, each attempt", latency.Service);
        html.Add($"</tbody></table></div>\n");
    }

    /// <summary>Operations worth a look.</summary>
    public void AddOperations(Html html, IReadOnlyList<TopOperation> operations, bool withErrors)
    {
        bool hasTypes = operations.Any(operation => operation.Type is not null);
        html.Add($"<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Operation</th>");
        if (hasTypes)
        {
            html.Add($"<th scope=\"col\">Type</th>");
        }

        html.Add($"<th scope=\"col\">Status</th><th scope=\"col\" class=\"num\">Duration</th><th scope=\"col\" class=\"num\">Waited</th><th scope=\"col\" class=\"num\">Attempts</th><th scope=\"col\" class=\"num\">Ended</th>");
        if (withErrors)
        {
            html.Add($"<th scope=\"col\">Error</th>");
        }

        html.Add($"</tr></thead><tbody>\n");
        foreach (TopOperation operation in operations)
        {
            AddOperation(html, operation, hasTypes, withErrors);
        }

        html.Add($"</tbody></table></div>\n");
    }

    /// <summary>What there was of each type.</summary>
    public static void AddTypes(Html html, IReadOnlyList<OperationTypeCounts> types)
    {
        html.Add($"<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Type</th><th scope=\"col\" class=\"num\">Ended</th><th scope=\"col\" class=\"num\">Failed</th><th scope=\"col\" class=\"num\">Ran</th><th scope=\"col\" class=\"num\">Mean duration</th></tr></thead><tbody>\n");
        foreach (OperationTypeCounts type in types)
        {
            html.Add($"<tr><td class=\"text\">{type.Type ?? "all others"}</td><td class=\"num\" data-label=\"Ended\">{Quantity.Count(type.Ended)}</td><td class=\"num\" data-label=\"Failed\">{Quantity.Count(type.Failed)}</td>");
            html.Add($"<td class=\"num\" data-label=\"Ran\">{Quantity.Count(type.Ran)}</td><td class=\"num\" data-label=\"Mean duration\">{Quantity.Time(type.MeanDuration)}</td></tr>\n");
        }

        html.Add($"</tbody></table></div>\n");
    }

    /// <summary>Settings, and figures that have no chart.</summary>
    public static void AddDetails(Html html, OperationSnapshot figures)
    {
        (OperationMetrics metrics, OperationHealth health) = (figures.Metrics, figures.Health);
        html.Add($"<div class=\"scroll\"><table><tbody>\n");
        AddDetail(html, "Limit", $"{figures.ConcurrencyLimit} at once{(figures.Settings.MaxConcurrent is null ? " (default, grows while work waits)" : "")}");
        AddDetail(html, "Ran at once", $"{Quantity.Number(metrics.MeanConcurrency)} on average, at most {metrics.PeakConcurrency}");
        AddDetail(html, "Hand-offs", $"{Quantity.Count(metrics.HandOffs)} of {Quantity.Number(figures.MeanHandOff)} operations on average, at most {figures.Settings.BatchSize}, flushed after {Quantity.Time(figures.Settings.BatchFlush)}");
        AddDetail(html, "Retries", Quantity.Count(metrics.Retries));
        AddDetail(html, "Cache", $"{Quantity.Count(health.Cache.Hits)} hits, {Quantity.Count(health.Cache.Coalesced)} coalesced, {Quantity.Count(health.Cache.Misses)} misses, {Quantity.Count(health.Cache.Evictions)} evicted, {Quantity.Count(health.Cache.Size)} of {Quantity.Count(figures.Settings.CacheSize)} kept");
        AddDetail(html, "From runnable to running", $"p50 {Quantity.Time(metrics.TriggerEvaluation.P50)}, p99 {Quantity.Time(metrics.TriggerEvaluation.P99)}");
        AddDetail(html, "Paused for garbage collection", Quantity.Share(metrics.GcPauseShare));
        AddDetail(html, "Working set of the process", Quantity.Size(metrics.WorkingSet));
        html.Add($"</tbody></table></div>\n");
    }

    private static void AddDetail(Html html, string name, string value) =>
        html.Add($"<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>\n");

    private static void AddLatency(Html html, string name, LatencySummary latency)
    {
        html.Add($"<tr><th scope=\"row\">{name}</th><td class=\"num\" data-label=\"p50\">{Quantity.Time(latency.P50)}</td><td class=\"num\" data-label=\"p95\">{Quantity.Time(latency.P95)}</td><td class=\"num\" data-label=\"p99\">{Quantity.Time(latency.P99)}</td>");
        html.Add($"<td class=\"num\" data-label=\"longest\">{Quantity.Time(latency.Max)}</td><td class=\"num\" data-label=\"mean\">{Quantity.Time(latency.Mean)}</td><td class=\"num\" data-label=\"counted\">{Quantity.Count(latency.Count)}</td></tr>\n");
    }

    private void AddOperation(Html html, TopOperation operation, bool hasTypes, bool withErrors)
    {
        html.Add($"<tr><td class=\"text\"><b>{operation.Id ?? operation.Label ?? $"no. {operation.Sequence + 1} of its batch"}</b>");
        if (operation.Id is not null && operation.Label is not null && operation.Label != operation.Id)
        {
            html.Add($"\n<span class=\"soft\">{operation.Label}</span>");
        }

        html.Add($"</td>");
        if (hasTypes)
        {
            html.Add($"<td class=\"text\" data-label=\"Type\">{operation.Type}</td>");
        }

        html.Add($"<td class=\"{(operation.Error is null ? "good" : "bad")}\" data-label=\"Status\">{operation.Status.ToString()}</td><td class=\"num\" data-label=\"Duration\">{Quantity.Time(operation.Duration)}</td><td class=\"num\" data-label=\"Waited\">{Quantity.Time(operation.QueueTime)}</td>");
        html.Add($"<td class=\"num\" data-label=\"Attempts\">{operation.Attempts}</td><td class=\"num\" data-label=\"Ended\">{TimeZoneInfo.ConvertTime(operation.EndedAt, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture)}</td>");
        if (withErrors)
        {
            html.Add($"<td class=\"text\" data-label=\"Error\">{operation.Error}</td>");
        }

        html.Add($"</tr>\n");
    }
}

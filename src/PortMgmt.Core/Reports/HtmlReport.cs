using System.Globalization;
using PortMgmt.Operations;
using PortMgmt.Reports.Pages;

namespace PortMgmt.Reports;

/// <summary>
/// The report of a scheduler as one page of HTML that needs nothing else: charts are drawn in it, there is no script, and it can be read
/// in light and in dark, printed, and read out. Whatever came from outside, names, ids and errors, is text in it and never markup.
/// Thread-safe.
/// </summary>
public static class HtmlReport
{
    private static readonly Lazy<string> Style = new(ReadStyle);

    /// <summary>The page of one scheduler: its findings, latencies, throughput and concurrency over time, slow and failed operations.</summary>
    /// <typeparam name="TInput">What executors work on.</typeparam>
    /// <typeparam name="TResult">What executors make of it.</typeparam>
    /// <param name="scheduler">The scheduler; it may be at work, and operations that end meanwhile may be in some of the page's figures and not yet in others.</param>
    /// <param name="zone">The time zone of the page's times; null for this machine's.</param>
    /// <returns>The page: write it to a file as UTF-8.</returns>
    public static string Create<TInput, TResult>(OperationScheduler<TInput, TResult> scheduler, TimeZoneInfo? zone = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        var report = OperationReport.From(scheduler);
        return Create([report], report.Figures.Metrics.Timestamp, zone);
    }

    /// <summary>The page of any number of schedulers, at least one.</summary>
    /// <exception cref="ArgumentException">There is no report.</exception>
    internal static string Create(IReadOnlyList<OperationReport> reports, DateTimeOffset madeAt, TimeZoneInfo? zone = null)
    {
        ArgumentNullException.ThrowIfNull(reports);
        if (reports.Count == 0)
        {
            throw new ArgumentException("There is nothing to report on: name at least one scheduler.", nameof(reports));
        }

        var section = new ReportSection(zone ?? TimeZoneInfo.Local);
        var html = new Html();
        html.Add($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.Add($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<meta name=\"generator\" content=\"PortMgmt\">\n");
        html.Add($"<title>{string.Join(", ", reports.Select(report => report.Name))}: operations</title>\n<style>\n");
        html.AddStyle(Style.Value);
        html.Add($"</style>\n</head>\n<body>\n");
        if (reports.Count > 1)
        {
            AddContents(html, reports);
        }

        html.Add($"<main>\n");
        for (int i = 0; i < reports.Count; i++)
        {
            section.Add(html, reports[i], $"d{i + 1}");
        }

        string made = TimeZoneInfo.ConvertTime(madeAt, zone ?? TimeZoneInfo.Local).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
        html.Add($"</main>\n<footer class=\"soft\">Made by PortMgmt on {made}. Percentiles are at most 1.6 % off; longest and mean are exact.</footer>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static void AddContents(Html html, IReadOnlyList<OperationReport> reports)
    {
        html.Add($"<nav aria-label=\"Contents\">");
        for (int i = 0; i < reports.Count; i++)
        {
            html.Add($"<a href=\"#d{i + 1}\">{reports[i].Name}</a> ");
        }

        html.Add($"</nav>\n");
    }

    private static string ReadStyle()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

using System.Globalization;
using PortMgmt.Reports.Pages;

namespace PortMgmt.Reports;

/// <summary>
/// Reports as one page of HTML that needs nothing else: charts are drawn in it, there is no script, and it can be read in light and in
/// dark, printed, and read out. Whatever came from outside, names, ids and errors, is text in it and never markup.
/// </summary>
public static class HtmlReport
{
    private static readonly Lazy<string> Style = new(ReadStyle);

    /// <summary>Makes the page.</summary>
    /// <param name="reports">What it shows, at least one.</param>
    /// <param name="madeAt">When it was made.</param>
    /// <param name="zone">The time zone of its times; null for this machine's.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ArgumentException">There is no report.</exception>
    public static string Make(IReadOnlyList<OperationReport> reports, DateTimeOffset madeAt, TimeZoneInfo? zone = null)
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

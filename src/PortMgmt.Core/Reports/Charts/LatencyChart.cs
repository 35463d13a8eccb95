using PortMgmt.Metrics;
using PortMgmt.Reports.Pages;
using PortMgmt.Text;

namespace PortMgmt.Reports.Charts;

/// <summary>Histograms of total, wait and service above one another on one logarithmic axis, with their percentiles marked.</summary>
internal sealed class LatencyChart
{
    private const double LabelHeight = 46;
    private const double BarHeight = 84;
    private const double RowGap = 14;
    private const double AxisHeight = 24;
    private const double TimeWidth = 48;

    private readonly ChartSize _size;
    private readonly (string Name, string Style, LatencyDistribution Latency)[] _rows;
    private readonly int _low;
    private readonly int _high;

    /// <summary>Makes the chart.</summary>
    /// <param name="report">What it shows.</param>
    /// <param name="size">For which screens.</param>
    public LatencyChart(OperationReport report, ChartSize size)
    {
        _size = size;
        _rows = [("Total", "total", report.Total), ("Waiting", "wait", report.Queue), ("Service", "run", report.Service)];
        double[] all = [.. _rows.SelectMany(row => row.Latency.Buckets()).Select(bucket => Math.Max(bucket.Nanoseconds, 100))];
        double most = _rows.Max(row => row.Latency.Max.TotalNanoseconds);
        _low = (int)Math.Floor(Math.Log10(all.DefaultIfEmpty(1e6).Min()));
        _high = Math.Max(_low + 1, (int)Math.Ceiling(Math.Log10(Math.Max(most, 1))));
    }

    private int Bins => (_high - _low) * _size.BinsPerDecade;

    /// <summary>Adds the chart.</summary>
    /// <param name="html">To what.</param>
    /// <param name="id">The chart's id on the page, unique.</param>
    public void Draw(Html html, string id)
    {
        double bottom = (_rows.Length * (LabelHeight + BarHeight + RowGap)) - RowGap;
        html.Add($"<svg class=\"{_size.Style}\" viewBox=\"0 0 {_size.Width} {bottom + AxisHeight}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">Latency histograms</title><desc id=\"{id}-d\">");
        foreach ((string name, _, LatencyDistribution latency) in _rows)
        {
            html.Add($"{name}: median {Quantity.Time(latency.Percentile(50))}, 99 percent within {Quantity.Time(latency.Percentile(99))}, longest {Quantity.Time(latency.Max)}. ");
        }

        html.Add($"</desc>\n");
        DrawGrid(html, bottom);
        for (int i = 0; i < _rows.Length; i++)
        {
            DrawRow(html, _rows[i].Name, _rows[i].Style, _rows[i].Latency, (i * (LabelHeight + BarHeight + RowGap)) + LabelHeight + BarHeight);
        }

        html.Add($"</svg>\n");
    }

    private void DrawGrid(Html html, double bottom)
    {
        double free = double.NegativeInfinity;
        for (int decade = _low; decade <= _high; decade++)
        {
            double x = X(Math.Pow(10, decade));
            html.Add($"<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{bottom}\"/>");
            if (x < free)
            {
                continue;
            }

            free = x + TimeWidth;
            html.Add($"<text x=\"{x}\" y=\"{bottom + 18}\" text-anchor=\"middle\">{TimeAt(decade)}</text>\n");
        }
    }

    private void DrawRow(Html html, string name, string style, LatencyDistribution latency, double bottom)
    {
        html.Add($"<text class=\"strong\" x=\"0\" y=\"{bottom - BarHeight + 4}\">{name}</text>");
        html.Add($"<line class=\"axis\" x1=\"{_size.Left}\" x2=\"{_size.PlotRight}\" y1=\"{bottom}\" y2=\"{bottom}\"/>\n");
        if (latency.Count == 0)
        {
            return;
        }

        long[] bins = Count(latency);
        long most = bins.Max();
        html.Add($"<text x=\"0\" y=\"{bottom - BarHeight + 20}\">to {Quantity.Share((double)most / latency.Count)}</text>\n");
        double width = _size.PlotWidth / Bins;
        for (int i = 0; i < bins.Length; i++)
        {
            if (bins[i] == 0)
            {
                continue;
            }

            double height = Math.Max(1.5, BarHeight * bins[i] / most);
            html.Add($"<rect class=\"{style}\" x=\"{_size.Left + (i * width) + 0.5}\" y=\"{bottom - height}\" width=\"{width - 1}\" height=\"{height}\"><title>{Describe(i, bins[i], latency.Count)}</title></rect>\n");
        }

        DrawMarks(html, latency, bottom);
    }

    /// <summary>Labels go one below the other where they would lie on one another.</summary>
    private void DrawMarks(Html html, LatencyDistribution latency, double bottom)
    {
        double top = bottom - BarHeight - LabelHeight;
        double[] occupied = [double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity];
        (string Name, TimeSpan Time)[] marks =
            [("p50", latency.Percentile(50)), ("p95", latency.Percentile(95)), ("p99", latency.Percentile(99)), ("max", latency.Max)];
        foreach ((string name, TimeSpan time) in marks)
        {
            double x = X(time.TotalNanoseconds);
            string label = $"{name} {Quantity.Time(time)}";
            double length = 7.3 * label.Length;
            bool isLeft = x + 4 + length > _size.Width;
            double start = isLeft ? x - 4 - length : x + 4;
            int level = Array.FindIndex(occupied, end => end < start);
            level = level < 0 ? occupied.Length - 1 : level;
            occupied[level] = start + length + 6;
            double y = top + 11 + (level * 13);
            html.Add($"<line class=\"mark\" x1=\"{x}\" x2=\"{x}\" y1=\"{y - 9}\" y2=\"{bottom}\"/>");
            html.Add($"<text class=\"strong label\" x=\"{(isLeft ? x - 4 : x + 4)}\" y=\"{y}\" text-anchor=\"{(isLeft ? "end" : "start")}\">{label}</text>\n");
        }
    }

    private long[] Count(LatencyDistribution latency)
    {
        long[] bins = new long[Bins];
        foreach ((double nanoseconds, long count) in latency.Buckets())
        {
            int bin = (int)((Math.Log10(Math.Max(nanoseconds, 1)) - _low) * _size.BinsPerDecade);
            bins[Math.Clamp(bin, 0, bins.Length - 1)] += count;
        }

        return bins;
    }

    private string Describe(int bin, long count, long all) =>
        $"{Quantity.Time(EdgeOf(bin))} to {Quantity.Time(EdgeOf(bin + 1))}: {Quantity.Count(count)} ({Quantity.Share((double)count / all)})";

    private TimeSpan EdgeOf(int bin) => FromNanoseconds(Math.Pow(10, _low + ((double)bin / _size.BinsPerDecade)));

    private static string TimeAt(int decade) => Quantity.Time(FromNanoseconds(Math.Pow(10, decade)));

    private static TimeSpan FromNanoseconds(double nanoseconds) => new((long)Math.Round(nanoseconds / TimeSpan.NanosecondsPerTick));

    private double X(double nanoseconds)
    {
        double place = (Math.Log10(Math.Max(nanoseconds, 1)) - _low) / (_high - _low);
        return _size.Left + (Math.Clamp(place, 0, 1) * _size.PlotWidth);
    }
}

using System.Globalization;
using PortMgmt.Metrics;
using PortMgmt.Reports.Pages;
using PortMgmt.Text;

namespace PortMgmt.Reports.Charts;

/// <summary>Throughput, operations that ran and operations that waited, above one another on one axis of time.</summary>
internal sealed class TimelineChart
{
    private const double TitleHeight = 34;
    private const double PanelHeight = 104;
    private const double LabelWidth = 80;

    /// <summary>By so much bars reach into the next, or rounding would leave lines between them.</summary>
    private const double Overlap = 0.35;

    private readonly IReadOnlyList<TimelineBucket> _buckets;
    private readonly ChartSize _size;
    private readonly TimeScale _scale;
    private readonly int _limit;

    /// <summary>Makes the chart.</summary>
    /// <param name="buckets">What it shows, at least one, in the time zone in which they are shown.</param>
    /// <param name="size">For which screens.</param>
    /// <param name="limit">How many operations may run at once.</param>
    public TimelineChart(IReadOnlyList<TimelineBucket> buckets, ChartSize size, int limit)
    {
        _buckets = buckets;
        _size = size;
        _scale = TimeScale.Create(buckets, size.Left, size.PlotWidth);
        _limit = limit;
    }

    /// <summary>Adds the chart.</summary>
    /// <param name="html">To what.</param>
    /// <param name="id">The chart's id on the page, unique.</param>
    public void Draw(Html html, string id)
    {
        double bottom = 3 * (TitleHeight + PanelHeight);
        html.Add($"<svg class=\"{_size.Style}\" viewBox=\"0 0 {_size.Width} {bottom + 42}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">Throughput, concurrency and queue over time</title>");
        html.Add($"<desc id=\"{id}-d\">At most {Quantity.Rate(_buckets.Max(bucket => bucket.Throughput))} ended, {Quantity.Number(_buckets.Max(bucket => bucket.Running))} ran and {Quantity.Number(_buckets.Max(bucket => bucket.Waiting))} waited at a time.</desc>\n");
        DrawPanel(html, TitleHeight, "Operations ended per second", "total", bucket => bucket.Throughput, bucket => bucket.Failed / bucket.Duration.TotalSeconds);
        DrawPanel(html, (2 * TitleHeight) + PanelHeight, "Operations running", "run", bucket => bucket.Running, null);
        DrawPanel(html, (3 * TitleHeight) + (2 * PanelHeight), "Operations waiting", "wait", bucket => bucket.Waiting, null);
        DrawTimes(html, bottom);
        DrawGaps(html, bottom);
        html.Add($"</svg>\n");
    }

    /// <summary>
    /// The largest value, unless a few tower above all others: answers from the cache come at once, and would press the rest to the ground.
    /// </summary>
    private double Highest(Func<TimelineBucket, double> figure)
    {
        double[] values = [.. _buckets.Select(figure).Order()];
        double usual = values[(int)((values.Length - 1) * 0.98)];
        return usual > 0 && values[^1] > 4 * usual ? 1.5 * usual : values[^1];
    }

    private void DrawPanel(
        Html html, double top, string title, string style, Func<TimelineBucket, double> figure, Func<TimelineBucket, double>? failed)
    {
        double bottom = top + PanelHeight;
        double most = Math.Max(Highest(figure), 1e-3);
        double step = Ticks.Step(most, 3);

        // Where it is nearly reached, the limit is part of the picture.
        double range = Math.Max(Math.Max(most, step), style == "run" && most > _limit / 2.0 ? _limit : 0);
        html.Add($"<text class=\"strong\" x=\"{_size.Left}\" y=\"{top - 10}\">{title}</text>\n");
        for (int i = 0; i * step <= range * (1 + 1e-9); i++)
        {
            double y = bottom - (PanelHeight * i * step / range);
            html.Add($"<line class=\"{(i == 0 ? "axis" : "grid")}\" x1=\"{_size.Left}\" x2=\"{_size.PlotRight}\" y1=\"{y}\" y2=\"{y}\"/><text x=\"{_size.Left - 8}\" y=\"{y + 4}\" text-anchor=\"end\">{Quantity.Number(i * step)}</text>\n");
        }

        foreach (TimelineBucket bucket in _buckets)
        {
            DrawBar(html, style, bucket, bottom, PanelHeight * figure(bucket) / range, figure(bucket), failed is null ? null : bucket.Failed);
            if (failed is not null)
            {
                DrawBar(html, "fail", bucket, bottom, PanelHeight * failed(bucket) / range, failed(bucket), bucket.Failed);
            }
        }

        TimelineBucket highest = _buckets.MaxBy(figure)!;
        if (figure(highest) > range)
        {
            html.Add($"<text x=\"{_scale.X(highest.Start)}\" y=\"{top - 4}\" text-anchor=\"middle\">{Quantity.Number(figure(highest))}</text>\n");
        }

        if (style == "run" && _limit <= range)
        {
            // A limit that moves was higher where more ran.
            DrawLimit(html, bottom - (PanelHeight * _limit / range), most > _limit + 0.5 ? " at the end" : "");
        }
    }

    private void DrawBar(Html html, string style, TimelineBucket bucket, double bottom, double height, double figure, long? failed)
    {
        if (height <= 0)
        {
            return;
        }

        double x = _scale.X(bucket.Start);
        double width = Math.Max(1, _scale.X(bucket.Start + bucket.Duration - TimeSpan.FromTicks(1)) - x) + Overlap;
        height = Math.Min(height, PanelHeight);
        html.Add($"<rect class=\"{style}\" x=\"{x}\" y=\"{bottom - height}\" width=\"{width}\" height=\"{height}\" shape-rendering=\"crispEdges\"><title>{bucket.Start.ToString("HH:mm:ss.ff", CultureInfo.InvariantCulture)}, {Quantity.Time(bucket.Duration)}: {Quantity.Number(figure)}{(failed > 0 ? $" ({Quantity.Count(failed.Value)} failed)" : "")}</title></rect>\n");
    }

    private void DrawLimit(Html html, double y, string when)
    {
        html.Add($"<line class=\"limit\" x1=\"{_size.Left}\" x2=\"{_size.PlotRight}\" y1=\"{y}\" y2=\"{y}\"/>");
        html.Add($"<text x=\"{_size.PlotRight}\" y=\"{y - 5}\" text-anchor=\"end\">limit {_limit}{when}</text>\n");
    }

    private void DrawTimes(Html html, double bottom)
    {
        TimeSpan step = Ticks.Step(_scale.Busy, (int)(_size.PlotWidth / LabelWidth));
        string format = step.TotalSeconds < 0.1 ? "HH:mm:ss.ff" : step.TotalSeconds < 1 ? "HH:mm:ss.f" : step.TotalSeconds < 60 ? "HH:mm:ss" : step.TotalDays < 1 ? "HH:mm" : "MM-dd";
        double free = double.NegativeInfinity;
        foreach (TimeSegment segment in _scale.Segments)
        {
            foreach (DateTimeOffset mark in segment.Marks(step).DefaultIfEmpty(segment.Start))
            {
                double x = segment.X(mark);
                html.Add($"<line class=\"axis\" x1=\"{x}\" x2=\"{x}\" y1=\"{bottom}\" y2=\"{bottom + 5}\"/>\n");
                if (x < free)
                {
                    continue;
                }

                html.Add($"<text x=\"{x}\" y=\"{bottom + 18}\" text-anchor=\"middle\">{mark.ToString(format, CultureInfo.InvariantCulture)}</text>\n");
                free = x + LabelWidth;
            }
        }
    }

    private void DrawGaps(Html html, double bottom)
    {
        double free = double.NegativeInfinity;
        foreach ((TimeSegment before, TimeSegment after) in _scale.Segments.Zip(_scale.Segments.Skip(1)))
        {
            double x = (before.Right + after.Left) / 2;
            html.Add($"<line class=\"gap\" x1=\"{x}\" x2=\"{x}\" y1=\"{TitleHeight}\" y2=\"{bottom + 22}\"/>\n");
            if (x < free)
            {
                continue;
            }

            html.Add($"<text x=\"{x}\" y=\"{bottom + 36}\" text-anchor=\"middle\">idle {Quantity.Time(after.Start - before.End)}</text>\n");
            free = x + (2 * LabelWidth);
        }
    }
}

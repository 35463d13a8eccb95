using PortMgmt.Reports.Charts;
using PortMgmt.Reports.Panels;
using PortMgmt.Text;

namespace PortMgmt.Reports;

/// <summary>
/// A panel of few lines that shows how operations get on: how many, how fast, how long still, what runs, what failed, how long it takes,
/// and a sparkline of the throughput. Makes text only; where it goes is the caller's. Not thread-safe.
/// </summary>
internal sealed class LivePanel
{
    /// <summary>How many looks the sparkline shows, and the time left goes by, at most.</summary>
    private const int MaxSamples = 60;

    private const int Label = 9;
    private const int WidestBar = 60;

    private readonly Queue<(TimeSpan At, long Ended)> _looks = new();

    /// <summary>Takes a look at the figures: rates are from look to look.</summary>
    /// <param name="figures">The figures.</param>
    public void Sample(PanelSnapshot figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        _looks.Enqueue((figures.Elapsed, figures.Ended));
        if (_looks.Count > MaxSamples + 1)
        {
            _looks.Dequeue();
        }
    }

    /// <summary>The panel, without line ends.</summary>
    /// <param name="figures">The figures of the last look.</param>
    /// <param name="style">What the terminal can show.</param>
    /// <returns>The lines, none wider than the terminal.</returns>
    public IReadOnlyList<string> Draw(PanelSnapshot figures, PanelStyle style)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var lines = new List<string> { Head(figures, style).ToString() };
        if (figures.Total is > 0 and long total)
        {
            lines.Add(Bar((double)figures.Ended / total, style).ToString());
        }

        lines.Add(Throughput(figures, style).ToString());
        lines.Add(Running(figures, style).ToString());
        lines.Add(Latency(figures, style).ToString());
        return lines;
    }

    /// <summary>The same in one line, for logs.</summary>
    /// <param name="figures">The figures of the last look.</param>
    /// <returns>The line: plain text.</returns>
    public string Summarize(PanelSnapshot figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        string text = $"{Progress(figures)}, {Quantity.Rate(Rate())}, {Quantity.Count(figures.Failed)} failed, p50 {Quantity.Time(figures.Service.P50)}, p99 {Quantity.Time(figures.Service.P99)}, {Time(figures)}";
        return VisibleText.From(text);
    }

    private static string Progress(PanelSnapshot figures) => figures.Total is long total
        ? $"{Quantity.Count(figures.Ended)} of {(figures.IsInputComplete ? "" : "about ")}{Quantity.Count(total)} done"
        : $"{Quantity.Count(figures.Ended)} done, {Quantity.Count(figures.Accepted)} so far";

    private static PanelLine Bar(double share, PanelStyle style)
    {
        var line = new PanelLine(style);
        int width = Math.Clamp(style.Width - 9, 0, WidestBar);
        int full = (int)(width * share);
        line.Add(new string(style.Unicode ? '━' : '#', full), PanelLine.Good).Add(new string(style.Unicode ? '─' : '.', width - full), PanelLine.Soft);
        return line.Add($"  {Quantity.Share(share)}");
    }

    private static PanelLine Running(PanelSnapshot figures, PanelStyle style)
    {
        long waiting = Math.Max(0, figures.Accepted - figures.Ended - figures.Running);
        PanelLine line = Labelled("running", style).Add($"{Quantity.Count(figures.Running)} of {Quantity.Count(figures.Limit)}, {Quantity.Count(waiting)} waiting").Add("   failed ", PanelLine.Soft);
        if (figures.Failed == 0)
        {
            return line.Add("none");
        }

        return line.Add($"{Quantity.Count(figures.Failed)} ({Quantity.Share((double)figures.Failed / Math.Max(1, figures.Ended))})", PanelLine.Bad);
    }

    private static PanelLine Latency(PanelSnapshot figures, PanelStyle style)
    {
        PanelLine line = Labelled("took", style);
        if (figures.Service.Count == 0)
        {
            return line.Add("nothing ended yet");
        }

        (string Name, TimeSpan Time)[] shown = [("p50", figures.Service.P50), ("p95", figures.Service.P95), ("p99", figures.Service.P99), ("max", figures.Service.Max)];
        foreach ((string name, TimeSpan time) in shown)
        {
            line.Add(name + " ", PanelLine.Soft).Add(Quantity.Time(time) + "   ");
        }

        return line;
    }

    private static PanelLine Labelled(string label, PanelStyle style) => new PanelLine(style).Add(label.PadRight(Label), PanelLine.Soft);

    private PanelLine Head(PanelSnapshot figures, PanelStyle style)
    {
        string rest = $"  {Progress(figures)}, {Time(figures)}";
        (string title, _) = TextColumns.Cut(VisibleText.From(figures.Title), Math.Max(style.Width - rest.Length, 8));
        return new PanelLine(style).Add(title, PanelLine.Strong).Add(rest);
    }

    private PanelLine Throughput(PanelSnapshot figures, PanelStyle style)
    {
        PanelLine line = Labelled("rate", style).Add(Quantity.Rate(Rate(4)).PadRight(Label + 2));
        IEnumerable<double> rates = _looks.Zip(_looks.Skip(1), (one, next) => (next.Ended - one.Ended) / Math.Max((next.At - one.At).TotalSeconds, 1e-3));
        return line.Add(Sparkline.Create(rates.TakeLast(Math.Max(0, line.Free)), style.Unicode), PanelLine.Bar);
    }

    private string Time(PanelSnapshot figures)
    {
        double rate = Rate();
        if (figures.Total - figures.Ended is not (> 0 and long left) || rate <= 0)
        {
            return $"{Quantity.Time(Rounded(figures.Elapsed))} so far";
        }

        return $"{Quantity.Time(Rounded(figures.Elapsed))} so far, about {Quantity.Time(Rounded(TimeSpan.FromSeconds(Math.Min(left / rate, 1e8))))} left";
    }

    private static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));

    /// <summary>Operations a second over the last looks.</summary>
    private double Rate(int looks = MaxSamples)
    {
        if (_looks.Count < 2)
        {
            return _looks.TryPeek(out (TimeSpan At, long Ended) only) && only.At > TimeSpan.Zero ? only.Ended / only.At.TotalSeconds : 0;
        }

        (TimeSpan At, long Ended)[] last = [.. _looks.TakeLast(looks + 1)];
        return (last[^1].Ended - last[0].Ended) / Math.Max((last[^1].At - last[0].At).TotalSeconds, 1e-3);
    }
}

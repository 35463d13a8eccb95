using System.Globalization;
using System.Security;
using System.Text;

namespace PortMgmt.Benchmarks.Sizes;

/// <summary>A line for each series: sizes from left to right at even steps, microseconds upwards on a logarithmic scale.</summary>
internal sealed class CostPlot(string title, string axis)
{
    private const double Width = 760;
    private const double Height = 380;
    private const double Left = 64;
    private const double Right = 250;
    private const double Top = 44;
    private const double Bottom = 52;
    private const double LabelGap = 15;

    // Legible on white and on black; which of the two it is, an image is not always told.
    private static readonly string[] Colours = ["#2f81f7", "#d9822b", "#3fa45b", "#a371f7", "#e5534b", "#8b949e"];

    private readonly SortedSet<int> _sizes = [];
    private readonly Dictionary<string, SortedDictionary<int, double>> _series = [];

    /// <summary>Adds a point; series are drawn in the order in which they come.</summary>
    public void Add(string series, int size, double microseconds)
    {
        _sizes.Add(size);
        if (!_series.TryGetValue(series, out SortedDictionary<int, double>? points))
        {
            _series.Add(series, points = []);
        }

        points[size] = microseconds;
    }

    /// <summary>Gives the drawing.</summary>
    public string Draw()
    {
        double[] values = [.. _series.Values.SelectMany(static points => points.Values)];
        (double low, double high) = (Math.Floor(Math.Log10(values.Min())), Math.Ceiling(Math.Log10(values.Max())));
        var svg = new StringBuilder();
        Add(svg, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" role="img" font-family="system-ui, sans-serif" font-size="12">
            <title>{Text(title)}</title>
            <style>text {"{"} fill: #57606a {"}"} .grid {"{"} stroke: #8b949e; stroke-opacity: 0.35 {"}"} @media (prefers-color-scheme: dark) {"{"} text {"{"} fill: #adbac7 {"}"} {"}"}</style>
            <text x="{Left}" y="20" font-size="15" font-weight="600">{Text(title)}</text>
            <text x="{Left}" y="36">microseconds</text>
            """);
        for (double decade = low; decade <= high; decade++)
        {
            foreach (int factor in decade < high ? new[] { 1, 2, 5 } : [1])
            {
                DrawLevel(svg, factor * Math.Pow(10, decade), low, high);
            }
        }

        foreach (int size in _sizes)
        {
            Add(svg, $"""<text x="{X(size):0.#}" y="{Height - Bottom + 18}" text-anchor="middle">{size.ToString("#,0", CultureInfo.InvariantCulture)}</text>""");
        }

        Add(svg, $"""<text x="{(Left + Width - Right) / 2:0.#}" y="{Height - 12}" text-anchor="middle">{Text(axis)}</text>""");
        DrawSeries(svg, low, high);
        return svg.AppendLine("</svg>").ToString();
    }

    private void DrawLevel(StringBuilder svg, double value, double low, double high)
    {
        double y = Y(value, low, high);
        Add(svg, $"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{y:0.#}" y2="{y:0.#}"/><text x="{Left - 8}" y="{y + 4:0.#}" text-anchor="end">{value:0.###}</text>""");
    }

    private void DrawSeries(StringBuilder svg, double low, double high)
    {
        double labelBefore = double.PositiveInfinity;
        Dictionary<string, double> labels = [];

        // From the bottom up, each label where its line ends or, where another is there, above that.
        foreach ((string name, SortedDictionary<int, double> points) in _series.OrderBy(static series => series.Value.Last().Value))
        {
            labelBefore = labels[name] = Math.Min(Y(points.Last().Value, low, high) + 4, labelBefore - LabelGap);
        }

        int number = 0;
        foreach ((string name, SortedDictionary<int, double> points) in _series)
        {
            string colour = Colours[number++ % Colours.Length];
            string dash = name.StartsWith("floor", StringComparison.Ordinal) ? " stroke-dasharray=\"5 4\"" : "";
            string line = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Key):0.#},{Y(point.Value, low, high):0.#}")));
            Add(svg, $"""<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>""");
            foreach ((int size, double value) in points)
            {
                Add(svg, $"""<circle cx="{X(size):0.#}" cy="{Y(value, low, high):0.#}" r="3" fill="{colour}"><title>{Text(name)}, {size}: {value:0.###} µs</title></circle>""");
            }

            Add(svg, $"""<text x="{Width - Right + 10}" y="{labels[name]:0.#}" style="fill: {colour}">{Text(name)}, {points.Last().Value:0.##}</text>""");
        }
    }

    private double X(int size)
    {
        int place = _sizes.TakeWhile(other => other < size).Count();
        return Left + (_sizes.Count < 2 ? 0 : place * (Width - Left - Right) / (_sizes.Count - 1));
    }

    private static double Y(double value, double low, double high) =>
        Height - Bottom - ((Math.Log10(value) - low) / (high - low) * (Height - Top - Bottom));

    private static string Text(string text) => SecurityElement.Escape(text);

    private static void Add(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}

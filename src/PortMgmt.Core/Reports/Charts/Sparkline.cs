namespace PortMgmt.Reports.Charts;

/// <summary>A row of bars, one character each, the highest for the largest value.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const string Plain = "_.-:=+*#";

    /// <summary>Draws values.</summary>
    /// <param name="values">The values, none below zero.</param>
    /// <param name="unicode">Draw with block characters; else with ASCII.</param>
    public static string Create(IEnumerable<double> values, bool unicode)
    {
        double[] all = [.. values];
        double most = all.DefaultIfEmpty(0).Max();
        string levels = unicode ? Blocks : Plain;
        return string.Concat(all.Select(value => levels[most <= 0 ? 0 : (int)Math.Round(value / most * (levels.Length - 1))]));
    }
}

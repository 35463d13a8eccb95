using System.Globalization;

namespace PortMgmt.Text;

/// <summary>Numbers with their units, for people: three significant digits, and the unit in which they are easiest to read.</summary>
internal static class Quantity
{
    /// <summary>A length of time: <c>12.3 µs</c>, <c>4.56 ms</c>, <c>7.89 s</c>, <c>2 min 5 s</c>, <c>3 h 20 min</c>.</summary>
    /// <param name="time">The time.</param>
    /// <returns>The text.</returns>
    public static string Time(TimeSpan time)
    {
        double seconds = Math.Abs(time.TotalSeconds);
        string text = seconds switch
        {
            0 => "0 s",
            < 999.5e-9 => Digits(seconds * 1e9) + " ns",
            < 999.5e-6 => Digits(seconds * 1e6) + " µs",
            < 999.5e-3 => Digits(seconds * 1e3) + " ms",
            < 99.95 => Digits(seconds) + " s",
            < 3599.5 => Pair(seconds, 60, "min", 1, "s"),
            < 86_370 => Pair(seconds, 3600, "h", 60, "min"),
            _ => Pair(seconds, 86_400, "d", 3600, "h"),
        };
        return time < TimeSpan.Zero ? "-" + text : text;
    }

    /// <summary>A number of things, with separators: <c>12,345</c>.</summary>
    /// <param name="count">The number.</param>
    /// <returns>The text.</returns>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of things a second: <c>12.3/s</c>.</summary>
    /// <param name="perSecond">The number.</param>
    /// <returns>The text.</returns>
    public static string Rate(double perSecond) => Number(perSecond) + "/s";

    /// <summary>A share of 1 in percent, never rounded up to all nor down to nothing: <c>99.9 %</c>.</summary>
    /// <param name="share">The share, 0-1.</param>
    /// <returns>The text.</returns>
    public static string Share(double share) => share switch
    {
        <= 0 => "0 %",
        >= 1 => "100 %",
        < 0.001 => "< 0.1 %",
        > 0.999 => "> 99.9 %",
        _ => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %",
    };

    /// <summary>A size in memory: <c>85.2 MB</c>, in steps of 1024.</summary>
    /// <param name="bytes">The size.</param>
    /// <returns>The text.</returns>
    public static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => $"{Count(bytes)} B",
        < 1 << 20 => Digits(bytes / 1024.0) + " KB",
        < 1 << 30 => Digits(bytes / 1048576.0) + " MB",
        _ => Digits(bytes / 1073741824.0) + " GB",
    };

    /// <summary>A mean or a rate without its unit.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The text.</returns>
    public static string Number(double value) => Math.Abs(value) < 99.95 ? Digits(value) : value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Digits(double value) => value.ToString(
        Math.Abs(value) switch
        {
            < 9.995 => "0.##",
            < 99.95 => "0.#",
            _ => "0",
        },
        CultureInfo.InvariantCulture);

    private static string Pair(double seconds, int unit, string unitName, int part, string partName)
    {
        long parts = (long)Math.Round(seconds / part);
        long whole = parts / (unit / part);
        long rest = parts % (unit / part);
        return string.Create(CultureInfo.InvariantCulture, $"{whole} {unitName}{(rest == 0 ? "" : $" {rest} {partName}")}");
    }
}

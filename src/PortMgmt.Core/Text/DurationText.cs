using System.Buffers;
using System.Globalization;

namespace PortMgmt.Text;

/// <summary>
/// A length of time as people type it, the same for the module and the command line: amounts with units that add up, <c>500ms</c>,
/// <c>1.5h</c>, <c>1h30m</c>; hours, minutes and seconds, <c>00:10:00</c>; or a bare number, which is seconds.
/// </summary>
internal static class DurationText
{
    /// <summary>What can be written, for error messages.</summary>
    public const string Forms =
        "Write a number with ms, s, m, h or d, such as 500ms, 30s or 1.5h, a sum of them such as 1h30m, hh:mm:ss, or a number of seconds, and no more than 10000d.";

    /// <summary>Beyond any sensible lease or wait, and far below what a point in time plus a duration can hold.</summary>
    private const decimal MaxTicks = 10_000m * TimeSpan.TicksPerDay;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Reads a duration; false when the text is none, is negative, or is longer than ten thousand days.</summary>
    /// <param name="text">The text; white space around it does not count.</param>
    /// <param name="duration">The duration read, to the tick.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        text = text.Trim();
        decimal? ticks = text.Contains(':') ? ReadClock(text)
            : text.IndexOfAnyExcept(Digits) < 0 ? ReadNumber(text) * TimeSpan.TicksPerSecond
            : ReadSum(text);
        bool isDuration = ticks is >= 0 and <= MaxTicks;
        duration = isDuration ? TimeSpan.FromTicks((long)decimal.Round(ticks!.Value)) : default;
        return isDuration;
    }

    /// <summary>The duration in its largest whole unit; reads as the same duration again.</summary>
    /// <param name="duration">A duration of at least zero.</param>
    public static string Format(TimeSpan duration)
    {
        (long unit, string name) = duration.Ticks switch
        {
            0 => (TimeSpan.TicksPerSecond, "s"),
            long ticks when ticks % TimeSpan.TicksPerDay == 0 => (TimeSpan.TicksPerDay, "d"),
            long ticks when ticks % TimeSpan.TicksPerHour == 0 => (TimeSpan.TicksPerHour, "h"),
            long ticks when ticks % TimeSpan.TicksPerMinute == 0 => (TimeSpan.TicksPerMinute, "m"),
            long ticks when ticks % TimeSpan.TicksPerSecond == 0 => (TimeSpan.TicksPerSecond, "s"),
            _ => (TimeSpan.TicksPerMillisecond, "ms"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(decimal)duration.Ticks / unit:0.####}{name}");
    }

    // In the constant form hours end at 23: elsewhere .NET reads 36:00:00 as 36 days, which nobody means who writes it.
    private static decimal? ReadClock(ReadOnlySpan<char> text) =>
        TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan time) ? time.Ticks : null;

    private static decimal? ReadSum(ReadOnlySpan<char> text)
    {
        decimal sum = 0;
        while (!text.IsEmpty)
        {
            // Where no unit follows there is no amount either, and the other way round.
            int unitStart = Math.Max(text.IndexOfAnyExcept(Digits), 0);
            ReadOnlySpan<char> amount = text[..unitStart];
            text = text[unitStart..];
            int unitEnd = text.IndexOfAny(Digits);
            ReadOnlySpan<char> unit = unitEnd < 0 ? text : text[..unitEnd];
            text = text[unit.Length..];

            // One amount is held against the limit by itself, so that no sum can leave the numbers.
            if (ReadNumber(amount) * TicksOf(unit) is not (>= 0 and <= MaxTicks and decimal ticks))
            {
                return null;
            }

            sum += ticks;
        }

        return sum;
    }

    private static decimal? ReadNumber(ReadOnlySpan<char> text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) && number <= MaxTicks ? number : null;

    private static long? TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        "d" => TimeSpan.TicksPerDay,
        _ => null,
    };
}

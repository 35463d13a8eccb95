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
        "Write a number with ms, s, m, h or d, such as 500ms, 30s or 1.5h, a sum of them such as 1h30m, hh:mm:ss, or a number of seconds, and no more than 3650d.";

    /// <summary>White space that may stand around a duration: what a shell or a cell of a table leaves there, and no other character that looks like it.</summary>
    public const string WhiteSpace = " \t\r\n";

    /// <summary>The longest duration, which is also the longest that a lease may live.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(3650);

    private static readonly decimal MaxTicks = Max.Ticks;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Reads a duration; false when the text is none, is negative, is longer than <see cref="Max"/>, or is more than zero and less than 100 ns.</summary>
    /// <param name="text">The text; <see cref="WhiteSpace"/> around it does not count.</param>
    /// <param name="duration">The duration read, to the tick.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        decimal? ticks = Read(text.Trim(WhiteSpace));
        bool isDuration = ticks is 0 or >= 1 && ticks <= MaxTicks;
        duration = isDuration ? TimeSpan.FromTicks((long)decimal.Round(ticks!.Value)) : default;
        return isDuration;
    }

    /// <summary>Why a text is no duration, with the spelling that is one where that can be guessed, and what can be written.</summary>
    /// <param name="text">A text that <see cref="TryParse"/> refuses.</param>
    public static string Explain(string text) => FindReason(text) is { } reason ? $"{reason} {Forms}" : Forms;

    /// <summary>The first part of <see cref="Explain"/> alone; null where there is nothing to say of this text.</summary>
    /// <param name="text">A text that <see cref="TryParse"/> refuses.</param>
    public static string? FindReason(string text)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim(WhiteSpace);
        return Read(trimmed) switch
        {
            > 0 and < 1 => "It is shorter than 100 ns, the smallest step.",
            > 0 when Read(trimmed) > MaxTicks => "The longest is 3650d.",
            _ => DurationGuess.Find(trimmed.ToString()) is { } guess ? $"Write {guess}." : null,
        };
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

    /// <summary>The duration in ticks; null where the text is none. What is too long is more than the longest, whatever its length.</summary>
    private static decimal? Read(ReadOnlySpan<char> text) => text.Contains(':') ? ReadClock(text)
        : text.IndexOfAnyExcept(Digits) < 0 ? ReadNumber(text, TimeSpan.TicksPerSecond)
        : ReadSum(text);

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
            if (TicksOf(unit) is not { } ticks || ReadNumber(amount, ticks) is not { } part)
            {
                return null;
            }

            sum = Math.Min(sum + part, MaxTicks + 1);
        }

        return sum;
    }

    private static decimal? ReadNumber(ReadOnlySpan<char> text, long unit)
    {
        // Of more digits than a number can have only the shape is looked at: it is too long, however long.
        bool isNumber = text.IndexOfAnyInRange('0', '9') >= 0 && text.Count('.') <= 1;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
        {
            return isNumber ? MaxTicks + 1 : null;
        }

        return number > MaxTicks ? MaxTicks + 1 : number * unit;
    }

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

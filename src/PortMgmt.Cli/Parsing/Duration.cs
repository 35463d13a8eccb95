using System.Globalization;

namespace PortMgmt.Cli.Parsing;

/// <summary>A length of time as people type it: a whole number and its unit, <c>500ms</c>, <c>30s</c>, <c>10m</c>, <c>2h</c> or <c>1d</c>.</summary>
internal static class Duration
{
    private const long Second = 1000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    // Beyond any sensible lease or wait, and far below what a point in time plus a duration can hold.
    private const long Max = 10_000 * Day;

    /// <summary>Reads a duration; false when the text is none, or is longer than ten thousand days.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration read.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        int digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out long amount))
        {
            return false;
        }

        long unit = Unit(text[digits..]);
        if (unit == 0 || amount > Max / unit)
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds(amount * unit);
        return true;
    }

    /// <summary>The duration in its largest whole unit, to the millisecond; reads as the same duration again.</summary>
    /// <param name="duration">A duration of at least zero.</param>
    public static string Format(TimeSpan duration)
    {
        long milliseconds = (long)duration.TotalMilliseconds;
        (long unit, string name) = milliseconds switch
        {
            0 => (Second, "s"),
            _ when milliseconds % Day == 0 => (Day, "d"),
            _ when milliseconds % Hour == 0 => (Hour, "h"),
            _ when milliseconds % Minute == 0 => (Minute, "m"),
            _ when milliseconds % Second == 0 => (Second, "s"),
            _ => (1L, "ms"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / unit}{name}");
    }

    private static long Unit(ReadOnlySpan<char> name) => name switch
    {
        "ms" => 1,
        "s" => Second,
        "m" => Minute,
        "h" => Hour,
        "d" => Day,
        _ => 0,
    };
}

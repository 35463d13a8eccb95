using System.Buffers;
using System.Globalization;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Binding;

/// <summary>
/// Takes a length of time as a TimeSpan, as <c>10m</c>, <c>90s</c> or <c>1h30m</c> (units ms, s, m, h, d), as <c>00:10:00</c>,
/// or as a number of seconds. PowerShell itself would read the number 90 as ticks and the text '90' as days.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (plain is null or TimeSpan)
        {
            return plain;
        }

        string text = Convert.ToString(plain, CultureInfo.InvariantCulture)?.Trim() ?? "";
        return text.Length == 0 ? null : Parse(text);
    }

    private static TimeSpan Parse(string text)
    {
        try
        {
            if (text.Contains(':', StringComparison.Ordinal))
            {
                return TimeSpan.Parse(text, CultureInfo.InvariantCulture);
            }

            return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
                ? TimeSpan.FromSeconds(seconds)
                : ParseUnits(text);
        }
        catch (Exception failure) when (failure is FormatException or OverflowException)
        {
            throw new ArgumentTransformationMetadataException(
                $"'{text}' is no length of time: write 10m, 90s, 1h30m (ms, s, m, h, d), 00:10:00, or a number of seconds.", failure);
        }
    }

    private static TimeSpan ParseUnits(ReadOnlySpan<char> text)
    {
        TimeSpan sum = TimeSpan.Zero;
        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExcept(Digits);
            double amount = double.Parse(text[..Math.Max(digits, 0)], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            text = text[digits..];
            int letters = text.IndexOfAny(Digits);
            sum += amount * UnitOf(letters < 0 ? text : text[..letters]);
            text = letters < 0 ? [] : text[letters..];
        }

        return sum;
    }

    private static TimeSpan UnitOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        "d" => TimeSpan.FromDays(1),
        _ => throw new FormatException(),
    };
}

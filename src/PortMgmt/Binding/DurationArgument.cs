using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Binding;

/// <summary>
/// An argument that is a length of time. PowerShell reads <c>1d</c> as the decimal number 1 and <c>10s</c> as the short number 10 before
/// any parameter gets it; what was typed is still on the object that wraps the number, and decides where it is there.
/// </summary>
internal static class DurationArgument
{
    /// <summary>A number that came without what was typed for it; null for everything else.</summary>
    /// <exception cref="ArgumentTransformationMetadataException">A decimal, which may be any number of days that was meant as such.</exception>
    public static object? AsNumber(object? argument)
    {
        object? plain = Unwrap(argument);
        if (!IsNumber(plain) || TypedText(argument) is not null)
        {
            return null;
        }

        return plain is decimal number ? throw Refuse(DescribeDecimal(number)) : plain;
    }

    /// <summary>Reads a TimeSpan or a text, typed as a number or not; null for nothing and for an empty cell.</summary>
    /// <exception cref="ArgumentTransformationMetadataException">It is no duration; the message has the spelling that is one.</exception>
    public static TimeSpan? ReadText(object? argument)
    {
        object? plain = Unwrap(argument);
        if (plain is null or TimeSpan)
        {
            return (TimeSpan?)plain;
        }

        if (plain is ICollection several)
        {
            throw Refuse(DescribeSeveral(several));
        }

        string? typed = IsNumber(plain) ? TypedText(argument) : null;
        string text = typed ?? Convert.ToString(plain, CultureInfo.InvariantCulture) ?? "";
        if (text.AsSpan().Trim(DurationText.WhiteSpace).IsEmpty)
        {
            return null;
        }

        if (DurationText.TryParse(text, out TimeSpan duration))
        {
            return duration;
        }

        // As a text 1gb and 0x10 are nothing that a unit could be guessed of, but PowerShell has the number.
        return typed is null || DurationText.FindReason(text) is not null
            ? throw Refuse($"'{text}' is no duration. {DurationText.Explain(text)}")
            : throw Refuse(string.Create(CultureInfo.InvariantCulture, $"'{text}' is no duration: PowerShell reads it as the number {plain}. Write '{plain}s' for as many seconds. {DurationText.Forms}"));
    }

    /// <summary>The error that keeps an argument from being bound.</summary>
    public static ArgumentTransformationMetadataException Refuse(string message) => new(message);

    /// <summary>Whether a value is a number of any kind.</summary>
    public static bool IsNumber(object? value) =>
        value is BigInteger or sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal;

    /// <summary>What was typed for a number where it differs from the number's own text; null where it does not, or where nothing was typed.</summary>
    public static string? TypedText(object? argument)
    {
        string? typed = (argument as PSObject)?.ToString();
        return typed is null
            || typed == Convert.ToString(Unwrap(argument), CultureInfo.InvariantCulture)
            || typed == Convert.ToString(Unwrap(argument), CultureInfo.CurrentCulture)
            ? null
            : typed;
    }

    private static object? Unwrap(object? argument) => argument is PSObject wrapped ? wrapped.BaseObject : argument;

    private static string DescribeSeveral(ICollection several) => several.Count == 0
        ? $"A duration is one value, and this is an empty list. {DurationText.Forms}"
        : several is IDictionary
            ? $"A table is no duration. {DurationText.Forms}"
            : string.Create(CultureInfo.InvariantCulture, $"A duration is one value, and these are {several.Count}: {string.Join(", ", several.Cast<object?>().Select(static item => $"'{item}'"))}. Give one of them.");

    private static string DescribeDecimal(decimal number) => string.Create(
        CultureInfo.InvariantCulture,
        $"The number {number} comes as a [decimal], as which PowerShell reads {number}d as well. Write '{number}d' for days, which are {number * 86400:0.####} seconds, and '{number}s' for seconds, in quotes.");
}

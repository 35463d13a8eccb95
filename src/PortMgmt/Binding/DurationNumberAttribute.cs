using System.Globalization;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Binding;

/// <summary>
/// For parameters that are a number of seconds or milliseconds, as their name says: takes such a number, or a length of time in any of the
/// ways of <see cref="DurationTransformationAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationNumberAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the number is one of milliseconds, and not of seconds.</summary>
    public bool Milliseconds { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (DurationArgument.AsNumber(inputData) is { } number)
        {
            return number;
        }

        // A text without a unit is a number for the engine to read, which would take '1d' for one as well.
        if (inputData is PSObject { BaseObject: string text } ? IsNumber(text) : inputData is string plain && IsNumber(plain))
        {
            return inputData;
        }

        TimeSpan? duration = DurationArgument.ReadText(inputData);
        return Milliseconds ? duration?.TotalMilliseconds : duration?.TotalSeconds;
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}

using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Binding;

/// <summary>
/// Takes a length of time as a TimeSpan, or as the command line does: <c>10m</c>, <c>1.5h</c> or <c>1h30m</c> (units ms, s, m, h, d),
/// <c>00:10:00</c>, or a number of seconds. PowerShell itself would read the number 90 as ticks and the text '90' as days.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether a number without a unit is refused: where figures are shown in milliseconds, it would be anybody's guess.</summary>
    public bool UnitRequired { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? number = DurationArgument.AsNumber(inputData);
        object? bare = number ?? ((inputData as PSObject)?.BaseObject ?? inputData) as string;
        string text = Convert.ToString(bare, CultureInfo.InvariantCulture) ?? "";
        if (UnitRequired && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            throw DurationArgument.Refuse($"'{text}' has no unit. Write '{text}ms' or '{text}s'.");
        }

        return number is null ? DurationArgument.ReadText(inputData) : FromSeconds(number, text);
    }

    private static TimeSpan FromSeconds(object number, string text)
    {
        double seconds = number is BigInteger large ? (double)large : Convert.ToDouble(number, CultureInfo.InvariantCulture);
        return seconds >= 0 && seconds <= DurationText.Max.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw DurationArgument.Refuse($"{text} is no number of seconds that a duration can have. {DurationText.Forms}");
    }
}

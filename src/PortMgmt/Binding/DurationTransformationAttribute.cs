using System.Globalization;
using System.Management.Automation;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Binding;

/// <summary>
/// Takes a length of time as a TimeSpan, or as the command line does: <c>10m</c>, <c>1.5h</c> or <c>1h30m</c> (units ms, s, m, h, d),
/// <c>00:10:00</c>, or a number of seconds. PowerShell itself would read the number 90 as ticks and the text '90' as days.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (plain is null or TimeSpan)
        {
            return plain;
        }

        string text = Convert.ToString(plain, CultureInfo.InvariantCulture)?.Trim() ?? "";
        if (text.Length == 0)
        {
            return null;
        }

        return DurationText.TryParse(text, out TimeSpan duration)
            ? duration
            : throw new ArgumentTransformationMetadataException($"'{text}' is no duration. {DurationText.Forms}");
    }
}

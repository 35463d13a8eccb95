using System.Globalization;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Binding;

/// <summary>
/// Refuses a number as the name of a lease: whoever writes <c>New-PortLease 8080</c> means the port. A text of digits is a name, and so is
/// what merely looks like a number to PowerShell, such as <c>2d</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LeaseNameAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is Array { Rank: 1 } names)
        {
            return Array.ConvertAll<object?, object?>([.. names], Read);
        }

        return Read(inputData);
    }

    private static object? Read(object? name)
    {
        if (!DurationArgument.IsNumber(name is PSObject wrapped ? wrapped.BaseObject : name))
        {
            return name;
        }

        string text = DurationArgument.TypedText(name) ?? Convert.ToString(name, CultureInfo.InvariantCulture) ?? "";
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? throw Refuse(text, number) : text;
    }

    private static ArgumentTransformationMetadataException Refuse(string text, double number)
    {
        string guess = number is >= 1 and <= 65535 && double.IsInteger(number)
            ? string.Create(CultureInfo.InvariantCulture, $"did you mean -Port {number}? ")
            : "";
        return new ArgumentTransformationMetadataException(text + " is a number and not the name of a lease: " + guess + "Write '" + text + "' in quotes for the name.");
    }
}

using System.Globalization;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Binding;

/// <summary>
/// Refuses a number as the name of a lease: whoever writes <c>New-PortLease 8080</c> means the port. A text of digits is a name; what
/// PowerShell reads as a number without quotes, such as <c>0x1F90</c>, is none.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LeaseNameAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object?[]? names = ListArgument.FindElements(inputData);
        return names is null ? Read(inputData) : Array.ConvertAll(names, Read);
    }

    private static object? Read(object? name)
    {
        object? plain = ListArgument.Unwrap(name);
        return DurationArgument.IsNumber(plain) ? throw Refuse(plain!, DurationArgument.TypedText(name)) : name;
    }

    // What was typed, such as 0x1F90, is what the user knows the number by.
    private static ArgumentTransformationMetadataException Refuse(object number, string? typed)
    {
        string text = Convert.ToString(number, CultureInfo.InvariantCulture) ?? "";
        bool isPort = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 1 and <= 65535 && double.IsInteger(value);
        string what = typed is null ? $"{text} is a number" : $"{typed} is the number {text} to PowerShell";
        string guess = isPort ? string.Create(CultureInfo.InvariantCulture, $"did you mean -Port {value}? ") : "";
        return new ArgumentTransformationMetadataException($"{what} and not the name of a lease: {guess}Write '{typed ?? text}' in quotes for the name.");
    }
}

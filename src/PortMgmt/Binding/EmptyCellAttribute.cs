using System.Globalization;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Binding;

/// <summary>
/// An empty cell of an imported table means the parameter's default. A cell that cannot be converted is an error: the
/// engine itself would pass over it and take the default in silence.
/// </summary>
/// <param name="value">The default.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EmptyCellAttribute(object value) : ArgumentTransformationAttribute
{
    /// <summary>The default.</summary>
    public object Value { get; } = value;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (plain is not string text)
        {
            return plain is null ? Value : inputData;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return Value;
        }

        return LanguagePrimitives.TryConvertTo(text, Value.GetType(), CultureInfo.InvariantCulture, out object converted)
            ? converted
            : throw new ArgumentTransformationMetadataException("'" + text + "' is no " + Describe() + ".");
    }

    private string Describe() => Value.GetType().IsEnum ? "value of " + string.Join(", ", Enum.GetNames(Value.GetType())) : "whole number";
}

using System.Management.Automation;

namespace PortMgmt.PowerShell.Infrastructure;

/// <summary>An empty cell of an imported table means the parameter's default, not a conversion error.</summary>
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
        return plain is null || (plain is string text && string.IsNullOrWhiteSpace(text)) ? Value : inputData;
    }
}

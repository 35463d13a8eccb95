using System.Management.Automation;

namespace PortMgmt.PowerShell.Infrastructure;

/// <summary>
/// Lets names be piped in as strings while every other object is bound by its properties. Without this, the engine would
/// turn a row of a table into text and take that for the name before it looks at the row's columns.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextOnlyAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        // Numbers count as text, since -Name 7 names a lease.
        object? plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return plain is null or IConvertible or Array ? inputData : throw NotText(plain);
    }

    // The engine passes over a pipeline binding that failed by an invalid cast and tries the next one.
    private static ArgumentTransformationMetadataException NotText(object value)
    {
        var cast = new PSInvalidCastException("An object of type " + value.GetType() + " is no name.");
        return new ArgumentTransformationMetadataException(cast.Message, cast);
    }
}

using System.Management.Automation;

namespace PortMgmt.PowerShell.Binding;

/// <summary>
/// Takes values of one type alone from the pipeline, so that every other object is bound by its properties. Without this,
/// the engine would turn the row of a table into text and take that for a name, or make a lease of its columns, before it
/// looks at parameters of the columns' names.
/// </summary>
/// <param name="type">The type; arrays pass, since their elements are converted one by one.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AcceptsAttribute(Type type) : ArgumentTransformationAttribute
{
    /// <summary>The type.</summary>
    public Type Type { get; } = type;

    /// <summary>Whether leases are changed or ended: what is none, but has a name, is then refused.</summary>
    public bool Changes { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return plain is null or Array || Type.IsInstanceOfType(plain) ? inputData
            : PipedObject.FindFault(inputData, Changes) is { } fault ? throw new ArgumentTransformationMetadataException(fault)
            : throw WrongType(plain);
    }

    // The engine passes over a pipeline binding that failed by an invalid cast and tries the next one.
    private ArgumentTransformationMetadataException WrongType(object value)
    {
        var cast = new PSInvalidCastException("An object of type " + value.GetType() + " is no " + (Type == typeof(IConvertible) ? "name" : Type.Name) + ".");
        return new ArgumentTransformationMetadataException(cast.Message, cast);
    }
}

using System.Management.Automation;

namespace PortMgmt.PowerShell.Binding;

/// <summary>
/// Takes values of one type alone from the pipeline, so that every other object is bound by its properties. Without this,
/// the engine would turn the row of a table into text and take that for a name, or make a lease of its columns, before it
/// looks at parameters of the columns' names.
/// </summary>
/// <param name="type">The type; of an array or a list each element must be one, and lists become arrays.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AcceptsAttribute(Type type) : ArgumentTransformationAttribute
{
    /// <summary>The type.</summary>
    public Type Type { get; } = type;

    /// <summary>Whether leases are changed or ended: what is none, but has a name, is then refused.</summary>
    public bool Changes { get; set; }

    /// <summary>
    /// Whether no other parameter takes a list: one of other things is then refused, where the engine would go on and bind a property of the
    /// list itself, such as its Count.
    /// </summary>
    public bool HasAllLists { get; set; }

    private string Thing => Type == typeof(IConvertible) ? "name" : Type.Name;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? plain = ListArgument.Unwrap(inputData);
        if (plain is null || IsOne(plain))
        {
            return inputData;
        }

        if (ListArgument.FindElements(inputData) is not { } elements)
        {
            throw Refuse(inputData, plain);
        }

        foreach (object? element in elements)
        {
            if (ListArgument.Unwrap(element) is { } value && !IsOne(value))
            {
                throw HasAllLists ? NoElement(value) : Refuse(element, value);
            }
        }

        return plain is Array ? inputData : elements;
    }

    // A large number is no IConvertible, but a number that the name's own attribute has an answer for.
    private bool IsOne(object value) => Type.IsInstanceOfType(value) || (Type == typeof(IConvertible) && DurationArgument.IsNumber(value));

    private ArgumentTransformationMetadataException Refuse(object? value, object plain) =>
        PipedObject.FindFault(value, Changes) is { } fault ? new ArgumentTransformationMetadataException(fault) : WrongType(plain);

    private ArgumentTransformationMetadataException NoElement(object value) => new(
        $"A list is taken for {Thing}s alone, but in this one is an object of type {value.GetType()}. Pipe its objects one by one, or give each {Thing} as text.");

    // The engine passes over a pipeline binding that failed by an invalid cast and tries the next one.
    private ArgumentTransformationMetadataException WrongType(object value)
    {
        string way = Type == typeof(IConvertible) ? $" Give a {Thing} as text, or pipe the object in." : "";
        var cast = new PSInvalidCastException($"An object of type {value.GetType()} is no {Thing}.{way}");
        return new ArgumentTransformationMetadataException(cast.Message, cast);
    }
}

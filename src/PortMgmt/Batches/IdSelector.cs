using System.Globalization;
using System.Management.Automation;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Batches;

/// <summary>The id of each input: by the name of a property, or by a script block.</summary>
internal sealed class IdSelector
{
    private readonly string? _property;
    private readonly InputSelector _selector;

    public IdSelector(object? parameter)
    {
        _selector = new InputSelector(parameter);
        _property = parameter is null or ScriptBlock or PSObject { BaseObject: ScriptBlock }
            ? null
            : Convert.ToString(parameter, CultureInfo.InvariantCulture);
        IsSet = parameter is not null;
    }

    private bool IsSet { get; }

    /// <summary>The id; null when none was asked for.</summary>
    /// <exception cref="OperationException">The input has none.</exception>
    public string? Select(PSObject? input)
    {
        if (!IsSet)
        {
            return null;
        }

        object? id = _property is null ? _selector.SelectAll(input) : Read(input, _property);
        return TextOf(id) switch
        {
            { Length: > 0 } text => text,
            null when id is not null => throw new OperationException(
                OperationErrorCode.InputNotIdentifiable,
                $"The id of the input '{input}' is a {PSObject.AsPSObject(id).TypeNames[0]}, which has no text that says all of it, so that others would be taken for the same: "
                + "let -Id be a property with a text, a number or a date, or a script block that puts out one."),
            _ => throw new OperationException(OperationErrorCode.IdNotFound, Describe(input)),
        };
    }

    private static string? TextOf(object? id) => (id is PSObject wrapped ? wrapped.BaseObject : id) switch
    {
        Enum name => name.ToString(),
        FileSystemInfo file => file.FullName,
        object plain => SimpleText.TryGet(plain),
        null => null,
    };

    private static object? Read(PSObject? input, string property) => input?.BaseObject is System.Collections.IDictionary table
        ? table[property]
        : input?.Properties[property]?.Value;

    private string Describe(PSObject? input) => _property is null
        ? $"The script block of -Id found no id for '{input}': it has to put out a value for every input."
        : $"The input '{input}' has no property '{_property}' with a value: name a property that every input has, or find the id by a script block, -Id {{ … }}.";
}

using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Batches;

/// <summary>Makes an operation of each input: its id, type, priority and metadata.</summary>
internal sealed class OperationFactory(object? id, object? type, object? metadata, object priority)
{
    private readonly IdSelector _id = new(id);
    private readonly InputSelector _type = new(type);
    private readonly InputSelector _metadata = new(metadata);
    private readonly InputSelector _priority = new(priority);

    /// <summary>Makes the operation, on the cmdlet's thread, since the script blocks are the caller's.</summary>
    /// <exception cref="OperationException">The input has no id, or what it was given is not what the parameter takes.</exception>
    public Operation<PSObject?> Make(PSObject? input) => new(input)
    {
        Id = _id.Select(input),
        Type = Convert.ToString(_type.Select(input), CultureInfo.InvariantCulture) is { Length: > 0 } name ? name : null,
        Priority = PriorityOf(_priority.Select(input)),
        Metadata = TableOf(_metadata.Select(input)),
    };

    private static OperationPriority PriorityOf(object? value) =>
        value is OperationPriority priority || LanguagePrimitives.TryConvertTo(value, out priority)
            ? priority
            : throw Invalid("Priority", $"-Priority is '{value}': give Low, Normal or High, or a script block that puts out one of them.");

    private static Dictionary<string, object?>? TableOf(object? value)
    {
        if (value is null)
        {
            return null;
        }

        if (value is not IDictionary table)
        {
            throw Invalid("Metadata", $"-Metadata is '{value}': give a table, as @{{ key = 'value' }}, or a script block that puts out one.");
        }

        Dictionary<string, object?> copy = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry pair in table)
        {
            copy[Convert.ToString(pair.Key, CultureInfo.InvariantCulture) ?? ""] = pair.Value;
        }

        return copy;
    }

    private static OperationException Invalid(string option, string message) =>
        new(OperationErrorCode.InvalidOption, message) { Option = option };
}

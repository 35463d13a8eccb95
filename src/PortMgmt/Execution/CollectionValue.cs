using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Execution;

/// <summary>
/// A list or table as PowerShell has it, but with a text of what is in it: Export-Csv and ConvertTo-Html write the text of a value, which
/// would be the name of its type.
/// </summary>
[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "It is compared by the engine, as any PSObject.")]
internal sealed class CollectionValue : PSObject
{
    /// <summary>How deep lists in lists are looked into.</summary>
    private const int MaxDepth = 3;

    private CollectionValue(ICollection collection)
        : base(collection)
    {
    }

    /// <summary>
    /// The value itself, or where it is a list or table, one with a text. An array of plain objects stays as it is: the engine would not come
    /// to an end with a call of .NET that is given one in a derived PSObject.
    /// </summary>
    /// <param name="value">Any value.</param>
    public static object? Of(object? value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) is ICollection collection && collection.GetType() != typeof(object[]) ? new CollectionValue(collection) : value;

    /// <summary>The text of a list or table: of what is in it.</summary>
    /// <param name="collection">The list or table.</param>
    public static string TextOf(ICollection collection) => Join(collection, 1);

    /// <inheritdoc/>
    public override string ToString() => TextOf((ICollection)BaseObject);

    private static string Join(ICollection collection, int depth) => string.Join(
        ", ",
        collection is IDictionary table
            ? table.Cast<DictionaryEntry>().Select(entry => Describe(entry.Key, depth) + "=" + Describe(entry.Value, depth))
            : collection.Cast<object?>().Select(item => Describe(item, depth)));

    private static string Describe(object? value, int depth) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => "",
        ICollection inner => depth < MaxDepth ? "{" + Join(inner, depth + 1) + "}" : "…",
        _ => LanguagePrimitives.ConvertTo<string>(value),
    };
}

using System.Collections;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Terminal;

/// <summary>The text of a list or table: of what is in it.</summary>
internal static class CollectionText
{
    /// <summary>How deep lists in lists are looked into.</summary>
    private const int MaxDepth = 3;

    /// <summary>The values, or the keys with theirs, with commas between them.</summary>
    /// <param name="collection">The list or table.</param>
    public static string Of(ICollection collection) => Join(collection, 1);

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

using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;

namespace PortMgmt.Text;

/// <summary>
/// A dictionary whose text is that of its entries, <c>api=8081, web=8080</c>: see <see cref="TextList{T}"/>. Those that travel are of types
/// without arguments: PowerShell knows copies by the name of the type, to which the module's types file gives the same text.
/// </summary>
/// <param name="entries">The entries, which are not to change any more.</param>
internal abstract class TextTable<TValue>(IDictionary<string, TValue> entries) : ReadOnlyDictionary<string, TValue>(entries)
{
    private const int MaxDepth = 3;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", this.OrderBy(static entry => entry.Key, StringComparer.OrdinalIgnoreCase).Select(static entry => $"{entry.Key}={Describe(entry.Value, MaxDepth)}"));

    // A table or a list within would be the name of its type.
    private static string Describe(object? value, int depth) => value switch
    {
        null or string => $"{value}",
        IDictionary table => depth == 0 ? "{…}" : $"{{{string.Join(", ", table.Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={Describe(entry.Value, depth - 1)}"))}}}",
        IEnumerable items => depth == 0 ? "{…}" : $"{{{string.Join(", ", items.Cast<object?>().Select(item => Describe(item, depth - 1)))}}}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}

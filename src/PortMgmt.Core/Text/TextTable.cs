using System.Collections.ObjectModel;

namespace PortMgmt.Text;

/// <summary>A dictionary whose text is that of its entries, <c>api=8081, web=8080</c>: see <see cref="TextList{T}"/>.</summary>
/// <param name="entries">The entries, which are not to change any more.</param>
internal sealed class TextTable<TValue>(IDictionary<string, TValue> entries) : ReadOnlyDictionary<string, TValue>(entries)
{
    /// <summary>The same entries under the same keys.</summary>
    /// <param name="entries">The entries; how they compare keys stays where they can be kept as they are.</param>
    public static TextTable<TValue> From(IReadOnlyDictionary<string, TValue> entries) =>
        entries as TextTable<TValue> ?? new TextTable<TValue>(entries as IDictionary<string, TValue> ?? new Dictionary<string, TValue>(entries));

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", this.OrderBy(static entry => entry.Key, StringComparer.OrdinalIgnoreCase).Select(static entry => $"{entry.Key}={entry.Value}"));
}

namespace PortMgmt.Text;

/// <summary>What the caller noted of an operation: see <see cref="TextTable{TValue}"/>.</summary>
/// <param name="entries">The entries, which are not to change any more.</param>
internal sealed class MetadataTable(IDictionary<string, object?> entries) : TextTable<object?>(entries)
{
    /// <summary>The same entries under the same keys.</summary>
    /// <param name="entries">The entries; how they compare keys stays where they can be kept as they are.</param>
    public static MetadataTable From(IReadOnlyDictionary<string, object?> entries) =>
        entries as MetadataTable ?? new MetadataTable(entries as IDictionary<string, object?> ?? new Dictionary<string, object?>(entries));
}

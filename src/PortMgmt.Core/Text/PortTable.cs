namespace PortMgmt.Text;

/// <summary>Ports by what they are for: see <see cref="TextTable{TValue}"/>.</summary>
/// <param name="entries">The entries, which are not to change any more.</param>
internal sealed class PortTable(IDictionary<string, int> entries) : TextTable<int>(entries)
{
    /// <summary>The same entries under the same keys.</summary>
    /// <param name="entries">The entries; how they compare keys stays where they can be kept as they are.</param>
    public static PortTable From(IReadOnlyDictionary<string, int> entries) =>
        entries as PortTable ?? new PortTable(entries as IDictionary<string, int> ?? new Dictionary<string, int>(entries));
}

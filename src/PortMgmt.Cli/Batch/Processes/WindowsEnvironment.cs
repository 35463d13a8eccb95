using System.Collections;
using System.Text;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>The environment of a child as CreateProcess takes it.</summary>
internal static class WindowsEnvironment
{
    /// <summary>An environment block: what is inherited, with some variables set, by rising name.</summary>
    /// <param name="inherited">The variables of this process.</param>
    /// <param name="variables">What is set on top; names are the same whatever their case.</param>
    public static string ToBlock(IDictionary inherited, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        var all = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in inherited)
        {
            all[(string)entry.Key] = (string)entry.Value!;
        }

        foreach ((string name, string value) in variables)
        {
            all[name] = value;
        }

        var block = new StringBuilder();
        foreach ((string name, string value) in all)
        {
            block.Append(name).Append('=').Append(value).Append('\0');
        }

        return block.Append('\0').ToString();
    }
}

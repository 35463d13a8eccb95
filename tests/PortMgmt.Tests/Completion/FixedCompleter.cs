using System.Collections;
using PortMgmt.PowerShell.Completion;

namespace PortMgmt.Tests.Completion;

/// <summary>Values of all kinds of spelling.</summary>
internal sealed class FixedCompleter : ValueCompleter
{
    private static readonly string[] Values = ["web/api", "with space", "it's", "web*"];

    protected override IEnumerable<(string Value, string Tooltip)> FindValues(IDictionary boundParameters) =>
        Values.Select(static value => (value, "tip of " + value));
}

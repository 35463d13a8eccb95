using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Daemons;

/// <summary>Finds daemons by what a caller names.</summary>
internal static class DaemonSelector
{
    /// <summary>The daemons of these names; a wildcard may match none, a name must have one.</summary>
    /// <param name="names">Names, compared without case, with wildcards.</param>
    /// <param name="report">Is told of each name that has no daemon.</param>
    public static List<Daemon> Select(IEnumerable<string> names, Action<OperationException, object?> report)
    {
        List<Daemon> found = [];
        foreach (string name in names)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
                found.AddRange(DaemonTable.Shared.GetAll().Where(daemon => pattern.IsMatch(daemon.Name)));
                continue;
            }

            try
            {
                found.Add(DaemonTable.Shared.Get(name));
            }
            catch (OperationException failure)
            {
                report(failure, name);
            }
        }

        return found;
    }
}

using System.Management.Automation;
using PortMgmt.Leases;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>The ports of leases for a script: an array of them, which has the port of each name as a property as well.</summary>
internal static class NamedPorts
{
    /// <summary>Makes the array. Of a name with several ports the property has all; of one that arrays have as a member there is none.</summary>
    public static int[] Create(IReadOnlyList<PortLease> leases)
    {
        int[] ports = [.. leases.Select(lease => lease.Port)];

        // The engine keeps added members with the array itself, not with this wrapper.
        var shown = new PSObject(ports);
        foreach (IGrouping<string, PortLease> named in leases.Where(lease => lease.Name.Length > 0).GroupBy(lease => lease.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (shown.Members[named.Key] is null)
            {
                int[] own = [.. named.Select(lease => lease.Port)];
                shown.Properties.Add(new PSNoteProperty(named.Key, own.Length == 1 ? own[0] : own));
            }
        }

        return ports;
    }
}

using System.Collections.ObjectModel;
using System.Management.Automation;
using PortMgmt.Leases;

namespace PortMgmt.PowerShell.Execution;

/// <summary>
/// The ports of leases for a script, in their order: by number as an array has them, and by name as an index (<c>$Ports['my-api']</c>) and
/// as a property (<c>$Ports.web</c>).
/// </summary>
public sealed class LeasedPorts : ReadOnlyCollection<int>
{
    private readonly Dictionary<string, object> _named = new(StringComparer.OrdinalIgnoreCase);

    internal LeasedPorts(IReadOnlyList<PortLease> leases)
        : base([.. leases.Select(lease => lease.Port)])
    {
        // The engine keeps added members with the object itself, not with this wrapper.
        var shown = new PSObject(this);
        foreach (IGrouping<string, PortLease> named in leases.Where(lease => lease.Name.Length > 0).GroupBy(lease => lease.Name, StringComparer.OrdinalIgnoreCase))
        {
            int[] own = [.. named.Select(lease => lease.Port)];
            object value = own.Length == 1 ? own[0] : own;
            _named.Add(named.Key, value);

            // A name that a list has as a member of its own, such as count, is an index alone.
            if (shown.Members[named.Key] is null)
            {
                shown.Properties.Add(new PSNoteProperty(named.Key, value));
            }
        }
    }

    /// <summary>How many ports there are, as an array says it.</summary>
    public int Length => Count;

    /// <summary>The port of a name, or all of them as an array where it has several.</summary>
    /// <param name="name">The name of the lease, compared without case.</param>
    /// <exception cref="ArgumentException">There is none of that name. Scripts see nothing instead, unless <c>Set-StrictMode</c> is on.</exception>
    public object this[string name] => _named.TryGetValue(name, out object? value) ? value : throw new ArgumentException(
        "No port is leased for the name '" + name + "'. There are: " + string.Join(", ", _named.Keys) + ".", nameof(name));
}

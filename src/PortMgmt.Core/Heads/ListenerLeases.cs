using PortMgmt.Leases;
using PortMgmt.Leases.Registry;
using PortMgmt.Listeners;

namespace PortMgmt.Heads;

/// <summary>
/// Which lease a listener is shown with. Of several that hold on its port and cover its protocol, it is the one whose owner is the
/// process that listens; else one of just its protocol before one of both; else the latest.
/// </summary>
/// <param name="leases">The leases that hold.</param>
internal sealed class ListenerLeases(IEnumerable<PortLease> leases)
{
    private readonly ILookup<int, PortLease> _byPort = leases.ToLookup(static lease => lease.Port);

    /// <summary>The listener with the name of its lease.</summary>
    public PortListener AddName(PortListener listener) => listener with { LeaseName = Find(listener)?.Name };

    /// <summary>The lease of a listener; null for none.</summary>
    public PortLease? Find(PortListener listener) => _byPort[listener.Port]
        .Where(lease => LeaseLister.Matches(lease.Protocol, listener.Protocol))
        .OrderByDescending(lease => listener.Id is not null && lease.OwnerProcessId == listener.Id)
        .ThenByDescending(lease => lease.Protocol == listener.Protocol)
        .ThenByDescending(lease => lease.CreatedAt)
        .FirstOrDefault();
}

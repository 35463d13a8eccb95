using PortMgmt.Leases;
using PortMgmt.Leases.Registry;
using PortMgmt.Listeners;
using PortMgmt.Ports;

namespace PortMgmt.Heads;

/// <summary>
/// Which lease a listener is shown with. Of several that hold on its port and cover its protocol, it is the one whose owner is the
/// process that listens; else one of just its protocol before one of both; else the latest.
/// </summary>
/// <param name="leases">The leases that hold.</param>
internal sealed class ListenerLeases(IEnumerable<PortLease> leases)
{
    private readonly ILookup<int, PortLease> _byPort = leases.ToLookup(static lease => lease.Port);

    /// <summary>
    /// Reads the leases. Who listens can be told without the registry, and is most wanted when that is in trouble: then there are no
    /// leases, and a warning says why.
    /// </summary>
    /// <param name="open">Opens the registry.</param>
    /// <param name="port">The port that is asked about; null for all.</param>
    /// <param name="warn">Takes the warning.</param>
    /// <param name="cancellationToken">Ends the wait for the registry.</param>
    public static ListenerLeases Read(Func<PortRegistry> open, int? port, Action<string> warn, CancellationToken cancellationToken = default)
    {
        try
        {
            return new(open().GetLeases(new PortLeaseFilter { Port = port, State = PortLeaseState.Active }, cancellationToken));
        }
        catch (PortRegistryException failure)
        {
            warn("The names of leases are not known: " + failure.Message);
            return new([]);
        }
    }

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

using PortMgmt.Leases;
using PortMgmt.Leases.Registry;
using PortMgmt.Listeners;
using PortMgmt.Ports;

namespace PortMgmt.Heads;

/// <summary>
/// Who listens, with the name of the lease. Who listens can be told without the registry, and is most wanted when that is in trouble: then
/// there are no leases, and a warning says why, once.
/// </summary>
/// <param name="open">Opens the registry.</param>
/// <param name="warn">Takes the warning.</param>
internal sealed class LeasedListeners(Func<PortRegistry> open, Action<string> warn)
{
    private bool _isUnreadable;

    /// <summary>
    /// Lists listeners. The process of a leased port is looked for in the lease's owner and its relatives, and elsewhere only where a socket is
    /// in none of these (<see cref="PortListeners.Find(int, PortProtocol, Func{IEnumerable{int}})"/>).
    /// </summary>
    /// <param name="port">Only this port, 1 to 65535; null for all.</param>
    /// <param name="protocol">Only this protocol.</param>
    /// <param name="cancellationToken">Ends the wait for the registry.</param>
    public IReadOnlyList<PortListener> Find(int? port, PortProtocol protocol, CancellationToken cancellationToken = default)
    {
        // Leases are read after the sockets: whoever leases a port does so before it listens there.
        IReadOnlyList<PortLease>? leases = null;
        IReadOnlyList<PortListener> found = port is int one
            ? PortListeners.Find(one, protocol, () => LeaseLister.OwnersOf(leases = Read(one, cancellationToken)))
            : PortListeners.Find(null, protocol);
        if (found.Count == 0)
        {
            return found;
        }

        ListenerLeases names = new(leases ?? Read(port, cancellationToken));
        return [.. found.Select(names.AddName)];
    }

    private IReadOnlyList<PortLease> Read(int? port, CancellationToken cancellationToken)
    {
        if (_isUnreadable)
        {
            return [];
        }

        try
        {
            return open().GetLeases(new PortLeaseFilter { Port = port, State = PortLeaseState.Active }, cancellationToken);
        }
        catch (PortRegistryException failure)
        {
            _isUnreadable = true;
            warn("The names of leases are not known: " + failure.Message);
            return [];
        }
    }
}

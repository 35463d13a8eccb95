using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>The ports that earlier requests of one call are to have, and that the table does not know of yet.</summary>
internal sealed class PlannedPorts
{
    private readonly List<(int Port, PortProtocol Protocol)> _ports = [];

    /// <summary>Adds a port.</summary>
    public void Add(int port, PortProtocol protocol) => _ports.Add((port, protocol));

    /// <summary>Whether a port is to be somebody's already.</summary>
    public bool Contains(int port, PortProtocol protocol)
    {
        foreach ((int planned, PortProtocol of) in _ports)
        {
            if (planned == port && Overlap(of, protocol))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether leases of these protocols cannot have the same port.</summary>
    public static bool Overlap(PortProtocol one, PortProtocol other) =>
        one == other || one == PortProtocol.Both || other == PortProtocol.Both;
}

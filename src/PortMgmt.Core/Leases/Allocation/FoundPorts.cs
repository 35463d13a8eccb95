using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>The ports that a request has found so far, beside those that earlier requests of its call are to have.</summary>
internal sealed class FoundPorts(PortProtocol protocol, PlannedPorts planned)
{
    private readonly List<int> _ports = [];

    public IReadOnlyList<int> Ports => _ports;

    public int Count => _ports.Count;

    public void Add(int port) => _ports.Add(port);

    /// <summary>Whether a port is not one more: the request has it, or an earlier one of the call is to.</summary>
    public bool IsTaken(int port) => (_ports.Count > 0 && _ports.Contains(port)) || planned.Contains(port, protocol);
}

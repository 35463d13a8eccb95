using PortMgmt.Ports;

namespace PortMgmt.Listeners;

/// <summary>Who has a port open, listening or not: what <see cref="PortListeners"/> leaves out may still be in the way of a bind. Thread-safe.</summary>
internal static class PortHolders
{
    /// <summary>
    /// Lists the sockets of a port, the most telling first: listening, bound, connected, closed. Their processes need not be told. Linux
    /// before 6.8 shows no sockets that are merely bound, and systems other than Linux show those that listen alone: an empty list proves
    /// nothing.
    /// </summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP, or both.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.ListenersUnavailable"/>: the system does not tell.</exception>
    public static IReadOnlyList<PortHolder> Find(int port, PortProtocol protocol)
    {
        List<PortHolder> holders = PortListeners.Source.FindHolders(port, protocol);
        holders.Sort(PortHolderOrder.Instance);
        return holders;
    }

    /// <summary>
    /// Finds the most telling socket of a port and its process; null for none that is told of. Of several processes that share the socket
    /// it is the one with the lowest id, as a rule the first made: no other is looked for.
    /// </summary>
    /// <inheritdoc cref="Find"/>
    public static PortHolder? FindFirst(int port, PortProtocol protocol) => PortListeners.Source.FindHolder(port, protocol);
}

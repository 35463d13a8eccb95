using PortMgmt.Ports;

namespace PortMgmt.Listeners;

/// <summary>Who has a port open, listening or not: what <see cref="PortListeners"/> leaves out may still be in the way of a bind. Thread-safe.</summary>
internal static class PortHolders
{
    /// <summary>
    /// Lists the sockets of a port, the most telling first: listening, bound, connected, closed. Linux before 6.8 shows no sockets that
    /// are merely bound, and systems other than Linux show those that listen alone: an empty list proves nothing.
    /// </summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP, or both.</param>
    /// <param name="withProcesses">Whether to look up their processes, which costs far more; a socket of several gives one row for each.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.ListenersUnavailable"/>: the system does not tell.</exception>
    public static IReadOnlyList<PortHolder> Find(int port, PortProtocol protocol, bool withProcesses)
    {
        List<PortHolder> holders = PortListeners.Source.FindHolders(port, protocol, withProcesses);
        holders.Sort(static (x, y) => x.Use == y.Use ? PortListenerOrder.Instance.Compare(x.Socket, y.Socket) : x.Use.CompareTo(y.Use));
        return holders;
    }
}

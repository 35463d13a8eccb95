using PortMgmt.Ports;

namespace PortMgmt.Listeners;

/// <summary>One operating system's way to tell who listens. Keeps nothing between calls. Thread-safe.</summary>
internal interface IListenerSource
{
    /// <summary>Lists listeners with their processes, in any order, perhaps with repeats.</summary>
    /// <param name="port">Only this port; null for all.</param>
    /// <param name="protocol">Only this protocol; <see cref="PortProtocol.Both"/> for both.</param>
    /// <param name="likely">
    /// Processes that are likely to have the sockets, asked for once there is a socket: where these and what they have started have all of
    /// them, no other process need be looked at. Null to look at every process.
    /// </param>
    List<PortListener> Find(int? port, PortProtocol protocol, Func<IEnumerable<int>>? likely = null);

    /// <summary>Whether anything listens on the port. No process is looked up.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP, or <see cref="PortProtocol.Both"/> for either.</param>
    bool IsListening(int port, PortProtocol protocol);

    /// <summary>Lists the sockets of a port in all states, as far as the system tells; those that listen, where it tells of no others.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP, or <see cref="PortProtocol.Both"/> for both.</param>
    List<PortHolder> FindHolders(int port, PortProtocol protocol) =>
        Find(port, protocol).ConvertAll(static listener => new PortHolder(SocketUse.Listening, listener));

    /// <summary>Finds the first of the sockets of a port, by <see cref="PortHolderOrder"/>, with its process; null for none that is told of.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP, or <see cref="PortProtocol.Both"/> for both.</param>
    PortHolder? FindHolder(int port, PortProtocol protocol) => FindHolders(port, protocol).Min(PortHolderOrder.Instance);
}

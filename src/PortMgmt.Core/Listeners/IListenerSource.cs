using PortMgmt.Ports;

namespace PortMgmt.Listeners;

/// <summary>One operating system's way to tell who listens. Keeps nothing between calls. Thread-safe.</summary>
internal interface IListenerSource
{
    /// <summary>Lists listeners with their processes, in any order, perhaps with repeats.</summary>
    /// <param name="port">Only this port; null for all.</param>
    /// <param name="protocol">Only this protocol; <see cref="PortProtocol.Both"/> for both.</param>
    List<PortListener> Find(int? port, PortProtocol protocol);

    /// <summary>Whether anything listens on the port. No process is looked up.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP, or <see cref="PortProtocol.Both"/> for either.</param>
    bool IsListening(int port, PortProtocol protocol);

    /// <summary>Lists the sockets of a port in all states, as far as the system tells; those that listen, where it tells of no others.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP, or <see cref="PortProtocol.Both"/> for both.</param>
    /// <param name="withProcesses">Whether their processes are wanted.</param>
    List<PortHolder> FindHolders(int port, PortProtocol protocol, bool withProcesses) =>
        Find(port, protocol).ConvertAll(static listener => new PortHolder(SocketUse.Listening, listener));
}

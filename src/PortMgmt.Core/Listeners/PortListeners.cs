using PortMgmt.Leases;

namespace PortMgmt.Listeners;

/// <summary>Who listens where on this machine. Asks the system at each call and keeps nothing. Thread-safe.</summary>
public static class PortListeners
{
    /// <summary>Lists listeners by rising port.</summary>
    /// <param name="port">Only this port; null for all.</param>
    /// <param name="protocol">Only this protocol; <see cref="PortProtocol.Both"/> for both.</param>
    public static IReadOnlyList<PortListener> Find(int? port = null, PortProtocol protocol = PortProtocol.Both) => throw new NotImplementedException();

    /// <summary>Whether anything listens on the port. Far cheaper than <see cref="Find"/>: no process is looked up, nothing is bound.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP, or <see cref="PortProtocol.Both"/> for either.</param>
    public static bool IsListening(int port, PortProtocol protocol = PortProtocol.Tcp) => throw new NotImplementedException();

    /// <summary>Waits until something listens on the port, or until nothing does. Never binds the port, so it cannot be in the server's way.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="untilFree">Whether to wait until nothing listens.</param>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="protocol">TCP, UDP, or <see cref="PortProtocol.Both"/> for either.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when it came about, false when the time ran out.</returns>
    public static bool Wait(int port, bool untilFree, TimeSpan timeout, PortProtocol protocol = PortProtocol.Tcp, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}

using System.Net;
using PortMgmt.Listeners.Linux;
using PortMgmt.Listeners.Mac;
using PortMgmt.Listeners.Windows;
using PortMgmt.Ports;

namespace PortMgmt.Listeners;

/// <summary>
/// Who listens where on this machine (on Linux: in the network namespace of this process). Asks the system at each call and
/// keeps nothing. Thread-safe.
/// </summary>
/// <remarks>Windows does not tell whether a UDP socket is connected, so connected ones count as listeners there.</remarks>
public static class PortListeners
{
    private static readonly IListenerSource? SystemSource =
        OperatingSystem.IsLinux() ? new LinuxListenerSource()
        : OperatingSystem.IsWindows() ? new WindowsListenerSource()
        : OperatingSystem.IsMacOS() ? new MacListenerSource()
        : null;

    internal static IListenerSource Source => SystemSource
        ?? throw new PlatformNotSupportedException("Listeners can be told on Linux, Windows and macOS only.");

    /// <summary>
    /// Lists listeners by rising port. A socket that several processes share (after a fork, or handed on by systemd) gives one
    /// row for each, since stopping it means stopping them all. Sockets that differ in nothing shown here give one row.
    /// <see cref="PortListener.LeaseName"/> is null: no registry is looked at.
    /// </summary>
    /// <param name="port">Only this port, 1 to 65535; null for all.</param>
    /// <param name="protocol">Only this protocol; <see cref="PortProtocol.Both"/> for both.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port or the protocol is not a valid one.</exception>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.ListenersUnavailable"/>: the system does not tell.</exception>
    public static IReadOnlyList<PortListener> Find(int? port = null, PortProtocol protocol = PortProtocol.Both)
    {
        if (port is { } one)
        {
            ValidatePort(one);
        }

        ValidateProtocol(protocol);
        return SortWithoutRepeats(Source.Find(port, protocol));
    }

    /// <summary>
    /// Lists the listeners of a port, looking for their processes where they are likely: there, in what these have started, and in what
    /// has started them, with all that it has started where it has a socket as well. Where those have all the sockets, no other process is
    /// looked into: one that was handed such a socket in another way is missing. Else it is as with <see cref="Find(int?, PortProtocol)"/>.
    /// </summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP, or both.</param>
    /// <param name="likely">The ids of the likely processes, such as those of a lease; asked for only where something listens.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.ListenersUnavailable"/>: the system does not tell.</exception>
    internal static IReadOnlyList<PortListener> Find(int port, PortProtocol protocol, Func<IEnumerable<int>> likely) =>
        SortWithoutRepeats(Source.Find(port, protocol, likely));

    /// <summary>Whether anything listens on the port, on any address. Far cheaper than <see cref="Find(int?, PortProtocol)"/>: no process is looked up, nothing is bound.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP, or <see cref="PortProtocol.Both"/> for either.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port or the protocol is not a valid one.</exception>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.ListenersUnavailable"/>: the system does not tell.</exception>
    public static bool IsListening(int port, PortProtocol protocol = PortProtocol.Tcp)
    {
        ValidatePort(port);
        ValidateProtocol(protocol);
        return Source.IsListening(port, protocol);
    }

    /// <summary>
    /// Waits until something listens on the port, or until nothing does. Never binds the port, so it cannot be in the server's
    /// way. Looks after 5 ms at first and every 100 ms in the end; leaves no timer behind.
    /// </summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="untilFree">Whether to wait until nothing listens.</param>
    /// <param name="timeout">How long at most; zero looks once; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="protocol">TCP, UDP, or <see cref="PortProtocol.Both"/> for either.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when it came about, false when the time ran out.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The port or the protocol is not a valid one, or the time is negative.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.ListenersUnavailable"/>: the system does not tell.</exception>
    public static bool Wait(int port, bool untilFree, TimeSpan timeout, PortProtocol protocol = PortProtocol.Tcp, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        ValidatePort(port);
        ValidateProtocol(protocol);
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        }

        return Polling.Until(() => Source.IsListening(port, protocol) != untilFree, timeout, timeProvider ?? TimeProvider.System, cancellationToken);
    }

    private static void ValidatePort(int port)
    {
        if (port is < 1 or > IPEndPoint.MaxPort)
        {
            throw new ArgumentOutOfRangeException(nameof(port), port, "A port is a number from 1 to 65535.");
        }
    }

    private static void ValidateProtocol(PortProtocol protocol)
    {
        if (protocol is < PortProtocol.Tcp or > PortProtocol.Both)
        {
            throw new ArgumentOutOfRangeException(nameof(protocol), protocol, "The protocol is Tcp, Udp or Both.");
        }
    }

    private static List<PortListener> SortWithoutRepeats(List<PortListener> rows)
    {
        rows.Sort(PortListenerOrder.Instance);
        int kept = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            if (kept == 0 || rows[i] != rows[kept - 1])
            {
                rows[kept++] = rows[i];
            }
        }

        rows.RemoveRange(kept, rows.Count - kept);
        return rows;
    }
}

using PortMgmt.Leases;
using PortMgmt.Listeners;
using PortMgmt.Ports;

namespace PortMgmt.Heads;

/// <summary>Waits until a port can be leased by number.</summary>
internal static class FreePort
{
    /// <summary>Waits. Where the registry cannot even be found, it is listeners alone that count, and a warning says so.</summary>
    /// <param name="open">Opens the registry.</param>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP or both.</param>
    /// <param name="timeout">How long at most; zero looks once.</param>
    /// <param name="warn">Takes warnings.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when the port came free; else what was in the way in the end, in a sentence without its full stop.</returns>
    public static string? Wait(Func<PortRegistry> open, int port, PortProtocol protocol, TimeSpan timeout, Action<string> warn, CancellationToken cancellationToken = default)
    {
        PortRegistry registry;
        try
        {
            registry = open();
        }
        catch (PortRegistryException failure)
        {
            warn("Whether the port is leased is not known: " + failure.Message);
            return PortListeners.Wait(port, untilFree: true, timeout, protocol, cancellationToken: cancellationToken) ? null : "something still listens there";
        }

        return registry.WaitUntilFree(port, protocol, timeout, warn, cancellationToken);
    }
}

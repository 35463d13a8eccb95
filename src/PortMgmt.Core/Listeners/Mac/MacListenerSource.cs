using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.Versioning;
using PortMgmt.Ports;

namespace PortMgmt.Listeners.Mac;

/// <summary>
/// macOS: sockets with their processes from libproc, which tells an ordinary user of their own processes only; everybody's
/// sockets, without processes, from the kernel's list that the base class library reads.
/// </summary>
[SupportedOSPlatform("macos")]
internal sealed class MacListenerSource : IListenerSource
{
    public List<PortListener> Find(int? port, PortProtocol protocol, Func<IEnumerable<int>>? likely = null)
    {
        List<PortListener> rows = MacSocketOwners.Find(port, protocol);
        HashSet<(PortProtocol, int, IPAddress)> owned = [];
        foreach (PortListener row in rows)
        {
            owned.Add((row.Protocol, row.Port, Narrow(row.Address)));
        }

        var system = IPGlobalProperties.GetIPGlobalProperties();
        if (protocol != PortProtocol.Udp)
        {
            AddOthers(system.GetActiveTcpListeners(), PortProtocol.Tcp, port, owned, rows);
        }

        if (protocol != PortProtocol.Tcp)
        {
            AddOthers(system.GetActiveUdpListeners(), PortProtocol.Udp, port, owned, rows);
        }

        return rows;
    }

    public bool IsListening(int port, PortProtocol protocol)
    {
        var system = IPGlobalProperties.GetIPGlobalProperties();
        return (protocol != PortProtocol.Udp && Contains(system.GetActiveTcpListeners(), port))
            || (protocol != PortProtocol.Tcp && Contains(system.GetActiveUdpListeners(), port));
    }

    private static bool Contains(IPEndPoint[] endPoints, int port)
    {
        foreach (IPEndPoint endPoint in endPoints)
        {
            if (endPoint.Port == port)
            {
                return true;
            }
        }

        return false;
    }

    private static void AddOthers(IPEndPoint[] endPoints, PortProtocol protocol, int? port, HashSet<(PortProtocol, int, IPAddress)> owned, List<PortListener> rows)
    {
        foreach (IPEndPoint endPoint in endPoints)
        {
            if ((port is null || endPoint.Port == port) && !owned.Contains((protocol, endPoint.Port, Narrow(endPoint.Address))))
            {
                rows.Add(new() { Protocol = protocol, Port = endPoint.Port, Address = endPoint.Address });
            }
        }
    }

    /// <summary>The library gives a dual-stack socket's address as the last four bytes of it, so only those can be compared.</summary>
    private static IPAddress Narrow(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? address : new(address.GetAddressBytes().AsSpan(12));
}

using System.Net.Sockets;

namespace PortMgmt.Leases;

/// <summary>
/// A leased port on which this process listens already: nothing can come between the lease and the bind, and connections wait until they
/// are accepted. Made by <see cref="PortRegistry.AcquireListening"/>. Immutable but for disposal; safe for use by many threads, the
/// <see cref="Socket"/> as far as sockets are.
/// </summary>
public sealed class ListeningPort : IDisposable
{
    internal ListeningPort(PortLease lease, Socket socket)
    {
        Lease = lease;
        Socket = socket;
    }

    /// <summary>The lease.</summary>
    public PortLease Lease { get; }

    /// <summary>The port number, 1 to 65535.</summary>
    public int Port => Lease.Port;

    /// <summary>TCP: a socket that listens; UDP: one that is bound. It is closed in child processes, as .NET's sockets are.</summary>
    public Socket Socket { get; }

    /// <summary>Closes the socket and gives the port back. Never throws.</summary>
    public void Dispose()
    {
        Socket.Dispose();
        Lease.Dispose();
    }
}

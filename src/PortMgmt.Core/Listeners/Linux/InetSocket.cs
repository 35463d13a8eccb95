using System.Net;
using PortMgmt.Ports;

namespace PortMgmt.Listeners.Linux;

/// <summary>A socket as the kernel tells it, without its processes.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Port">The port, 1 to 65535.</param>
/// <param name="Address">The local address.</param>
/// <param name="Inode">The socket's inode, by which processes are found; the kernel numbers sockets with 32 bits (<c>get_next_ino</c>). 0 where no process has it any more.</param>
internal readonly record struct InetSocket(PortProtocol Protocol, int Port, IPAddress Address, uint Inode)
{
    /// <summary>What the port is used for.</summary>
    public SocketUse Use { get; init; }

    /// <summary>The other end of a connection; null for none.</summary>
    public IPEndPoint? Peer { get; init; }

    /// <summary>The user who made it.</summary>
    public uint UserId { get; init; }
}

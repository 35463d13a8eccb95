using System.Net;
using PortMgmt.Ports;

namespace PortMgmt.Listeners.Linux;

/// <summary>A listening socket as the kernel tells it, without its processes.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Port">The port, 1 to 65535.</param>
/// <param name="Address">The local address.</param>
/// <param name="Inode">The socket's inode, by which processes are found; the kernel numbers sockets with 32 bits (<c>get_next_ino</c>).</param>
internal readonly record struct ListeningSocket(PortProtocol Protocol, int Port, IPAddress Address, uint Inode);

using System.Net;

namespace PortMgmt.Listeners;

/// <summary>A socket that has a port, in whatever state, and the process that has the socket.</summary>
/// <param name="Use">What the port is used for.</param>
/// <param name="Socket">The socket, with its process where that was asked for and can be told.</param>
internal sealed record PortHolder(SocketUse Use, PortListener Socket)
{
    /// <summary>The other end of a connection; null for none.</summary>
    public IPEndPoint? Peer { get; init; }

    /// <summary>The id of the user who made the socket; null where the system does not tell.</summary>
    public uint? UserId { get; init; }
}

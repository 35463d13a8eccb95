using System.Globalization;
using PortMgmt.Listeners;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>By whom and in which way a port is in use that could not be bound.</summary>
/// <param name="Reason">The way.</param>
/// <param name="Holder">The socket and its process; null where no process has one that is shown.</param>
/// <param name="Message">Both in a sentence without its full stop.</param>
internal readonly record struct PortUse(PortRefusal Reason, PortListener? Holder, string Message)
{
    private const string Root = "0";

    /// <summary>Looks for the most telling socket of a port and its process. That the system does not tell must not hide the refusal.</summary>
    public static PortUse Find(HostPlatform platform, int port, PortProtocol protocol)
    {
        string label = PortRefusals.Label(protocol, port);
        try
        {
            return PortHolders.FindFirst(port, protocol) is { } holder
                ? From(platform, label, holder)
                : new(PortRefusal.Listening, null, $"{label} is in use by a socket that the system does not show: as a rule one that is bound and does not listen yet");
        }
        catch (PortRegistryException untold)
        {
            return new(PortRefusal.Listening, null, $"{label} is in use. {untold.Message.TrimEnd('.')}");
        }
    }

    private static PortUse From(HostPlatform platform, string label, PortHolder holder)
    {
        PortListener socket = holder.Socket;
        (PortRefusal reason, string way) = holder.Use switch
        {
            SocketUse.Listening => (PortRefusal.Listening, $", which listens on {socket.Address}"),
            SocketUse.Bound => (PortRefusal.Bound, $", which has bound {socket.Address} and does not listen there yet"),
            SocketUse.Connected => (PortRefusal.Connected, $", which has a connection from {socket.Address} to {holder.Peer}"),
            _ => (PortRefusal.Lingering, ""),
        };
        return reason == PortRefusal.Lingering
            ? new(reason, null, $"{label} is still held by connections that were closed less than a minute ago (TIME_WAIT), and the program that had it did not allow its reuse")
            : new(reason, socket, $"{label} is in use by {Process(platform, holder)}{way}");
    }

    private static string Process(HostPlatform platform, PortHolder holder)
    {
        if (holder.Socket.Id is int id)
        {
            return string.Create(CultureInfo.InvariantCulture, $"process {id} ({holder.Socket.Program})");
        }

        if (holder.UserId is not uint user)
        {
            return "a process that this user is not told of";
        }

        string userId = user.ToString(CultureInfo.InvariantCulture);
        string who = $"a process of user {platform.GetUserName(userId)}";
        return platform.UserId == userId || platform.UserId == Root
            ? $"{who} that is not shown here (in another container, or the kernel itself)"
            : $"{who}, whose id this user is not told";
    }
}

using System.Globalization;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>Renews and removes leases that exist, each fenced: what is not, or no longer, the lease that is meant stays untouched.</summary>
internal sealed class LeaseUpdater(RegistrySession session)
{
    /// <summary>Renews a lease, hands it over, or both.</summary>
    public SlotRecord Renew(PortLease lease, TimeSpan? timeToLive, ProcessStamp? owner)
    {
        SlotRecord record = Find(lease, force: false);
        SlotRecord renewed = record with
        {
            Deadline = timeToLive is { } time ? session.Now + (long)Math.Max(1, time.TotalMilliseconds) : record.Deadline,
            Owner = owner ?? record.Owner,
        };
        if (renewed.Owner.Id == 0 && renewed.Deadline == 0)
        {
            throw PortRefusals.Invalid("A lease without an owner needs a time to live, or it would never end.");
        }

        session.Table.WriteGroup(RegistrySession.SlotsOf(renewed));
        return renewed;
    }

    /// <summary>Ends a lease.</summary>
    public void Remove(PortLease lease, bool force) => session.Quarantine(Find(lease, force));

    /// <summary>The lease that a token stands for.</summary>
    public SlotRecord Find(LeaseToken token)
    {
        SlotRecord? record = session.Table.ReadSlot(TableLayout.Index(token.Port, token.Protocol == PortProtocol.Udp)).Record;
        if (record is { Kind: SlotKind.Leased } && record.Fence == token.Fence && record.Protocol == token.Protocol)
        {
            return record;
        }

        if (record is { Kind: SlotKind.Leased } && session.Liveness.Check(record) == StaleReason.None)
        {
            throw Refuse(PortRegistryErrorCode.LeaseNotOwned, token.Port, $"{Label(token)} has another lease by now: the one that is meant has ended, or was made in another registry. Nothing was changed; list the leases to see whose it is.");
        }

        throw NotFound(session.Platform, token);
    }

    public static PortRegistryException NotFound(HostPlatform platform, LeaseToken token) => Refuse(
        PortRegistryErrorCode.LeaseNotFound,
        token.Port,
        $"{Label(token)} has no such lease in the registry of {platform.GetUserName(platform.UserId)}: it has ended already, or was made in another registry.");

    /// <summary>The refusal of a lease that lives in the registry which the machine-wide one took the place of.</summary>
    public static PortRegistryException IsElsewhere(LeaseToken token, string directory) => Refuse(
        PortRegistryErrorCode.LeaseNotFound,
        token.Port,
        $"{Label(token)} has that lease in the registry '{directory}', which was this user's before there was a machine-wide one; it lives there still. Nothing was changed: name that directory as the registry.");

    private SlotRecord Find(PortLease lease, bool force)
    {
        SlotRecord record = Find(new LeaseToken(lease.Port, lease.Protocol, lease.Fence));
        if (force || lease.Token is not null || record.UserId == session.Platform.UserId)
        {
            return record;
        }

        throw Refuse(
            PortRegistryErrorCode.LeaseNotOwned,
            record.Port,
            $"{Label(LeaseToken.From(record))} is leased by user {session.Platform.GetUserName(record.UserId)}: ask that user, or force its removal.");
    }

    private static string Label(LeaseToken token) =>
        string.Create(CultureInfo.InvariantCulture, $"{PortRefusals.Label(token.Protocol)} port {token.Port}");

    private static PortRegistryException Refuse(PortRegistryErrorCode code, int port, string message) => new(code, message) { Port = port };
}

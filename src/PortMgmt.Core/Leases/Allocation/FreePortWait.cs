using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Listeners;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>
/// Waits for what a request by number needs of a port: that no process has it open in any way, and that no lease holds. Leases of this
/// process and of those that it descends from do not count: they wait for us, and hold the port for us. Used for one wait.
/// </summary>
internal sealed class FreePortWait(RegistryAccess access, int port, PortProtocol protocol, Action<string> warn)
{
    private string? _obstacle;
    private bool _isWarned;

    /// <summary>Waits; null when the port came free, else what was in the way in the end.</summary>
    public string? Wait(TimeSpan timeout, CancellationToken cancellationToken) =>
        Polling.Until(() => IsFree(cancellationToken), timeout, access.Time, cancellationToken) ? null : _obstacle ?? DescribeUse();

    // What costs least and binds nothing comes first: only a port that seems to be free is tried.
    private bool IsFree(CancellationToken cancellationToken)
    {
        _obstacle = null;
        return PortHolders.Find(port, protocol).All(static holder => holder.Use == SocketUse.Closed)
            && PortAvailabilityCheck.Bind(access.Platform, port, protocol, lingeringIsFine: true) != PortRefusal.Listening
            && (_obstacle = FindLease(cancellationToken)) is null;
    }

    private string? FindLease(CancellationToken cancellationToken)
    {
        try
        {
            return access.RunIfPresent(DescribeLease, null, cancellationToken);
        }
        catch (PortRegistryException failure)
        {
            if (!_isWarned)
            {
                warn("Whether the port is leased is not known: " + failure.Message);
                _isWarned = true;
            }

            return null;
        }
    }

    private string? DescribeLease(RegistrySession session)
    {
        for (int index = TableLayout.Index(port, false); index < TableLayout.SlotCount; index += TableLayout.PortCount)
        {
            if (session.Table.ReadSlot(index).Record is { Kind: SlotKind.Leased } record
                && LeaseLister.Matches(record.Protocol, protocol)
                && session.Liveness.Check(record) == StaleReason.None
                && !IsOwn(session.Platform, record.Owner))
            {
                return PortRefusals.Describe(session, port, protocol, new PortCheckResult(PortRefusal.Leased, record));
            }
        }

        return null;
    }

    private static bool IsOwn(HostPlatform platform, ProcessStamp owner) =>
        owner.IsSame(platform.Self) || platform.IsAncestor(owner);

    private string DescribeUse() => PortUse.Find(access.Platform, port, protocol).Message;
}

using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>Looks at the registry as a whole.</summary>
internal sealed class RegistryInspector(RegistryAccess access)
{
    public PortRegistryStatus Inspect(CancellationToken cancellationToken)
    {
        // Asked before this call itself stands in the queue.
        (int? holder, IReadOnlyList<int> waiters) = access.Platform.GetLockUsers(access.Location.LockFile);
        (int active, int stale, int quarantined) = access.RunIfPresent(Count, default, cancellationToken);
        string table = access.FindTable();
        return new PortRegistryStatus
        {
            Directory = access.Location.Directory,
            Source = access.Location.Source,
            TableFile = table,
            TableBytes = access.Platform.GetSizeOnDisk(table),
            ActiveLeases = active,
            StaleLeases = stale,
            QuarantinedPorts = quarantined,
            UsablePorts = CountUsable(access.Rules),
            LockHolder = holder,
            LockWaiters = waiters,
        };
    }

    private static (int Active, int Stale, int Quarantined) Count(RegistrySession session)
    {
        int active = 0, stale = 0, quarantined = 0;
        session.Table.Scan(0, TableLayout.SlotCount, (index, slot) =>
        {
            if (slot.Record is not { } record || (record.Protocol == PortProtocol.Both && TableLayout.IsUdp(index)))
            {
                return;
            }

            if (record.Kind == SlotKind.Quarantined)
            {
                quarantined += session.Now < record.Deadline ? 1 : 0;
            }
            else if (session.Liveness.Check(record) == StaleReason.None)
            {
                active++;
            }
            else
            {
                stale++;
            }
        });
        return (active, stale, quarantined);
    }

    private static int CountUsable(PortRules rules)
    {
        int usable = 0;
        PortRange range = rules.Policy.DefaultRange;
        for (int port = range.First; port <= range.Last; port++)
        {
            if (rules.CheckHardRules(port, "", "") == PortRefusal.None && rules.CheckSoftRules(port, rangeAsked: false) == PortRefusal.None)
            {
                usable++;
            }
        }

        return usable;
    }
}

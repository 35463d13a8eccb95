using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>Looks at the registry as a whole.</summary>
internal sealed class RegistryInspector(RegistryAccess access)
{
    private readonly List<string> _problems = [];

    public PortRegistryStatus Inspect(CancellationToken cancellationToken)
    {
        // Asked before this call itself stands in the queue.
        (int? holder, IReadOnlyList<int> waiters) = Try<(int?, IReadOnlyList<int>)?>(() => access.Platform.GetLockUsers(access.Location.LockFile)) ?? (null, []);
        (int Active, int Stale, int Quarantined)? counts = Try<(int, int, int)?>(() => access.RunIfPresent(Count, default, cancellationToken));
        string? table = Try(access.FindTable);
        return new PortRegistryStatus
        {
            Directory = access.Location.Directory,
            Source = access.Location.Source,
            TableFile = table,
            TableBytes = table is null ? null : Try<long?>(() => access.Platform.GetSizeOnDisk(table)),
            ActiveLeases = counts?.Active,
            StaleLeases = counts?.Stale,
            QuarantinedPorts = counts?.Quarantined,
            UsablePorts = Try<int?>(() => access.Rules.CountRange()[(int)PortRefusal.None]),
            LockHolder = holder,
            LockWaiters = waiters,
            Problems = _problems,
        };
    }

    /// <summary>Learns one thing; where that fails the others are still worth telling.</summary>
    private T? Try<T>(Func<T> learn)
    {
        try
        {
            return access.Guard(learn);
        }
        catch (PortRegistryException failure)
        {
            if (!_problems.Contains(failure.Message))
            {
                _problems.Add(failure.Message);
            }

            return default;
        }
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
}

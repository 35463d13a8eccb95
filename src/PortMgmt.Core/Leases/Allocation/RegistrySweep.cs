namespace PortMgmt.Leases;

/// <summary>Takes dead leases back: eight slots at every allocation, or all of them when somebody asks.</summary>
internal sealed class RegistrySweep(RegistrySession session)
{
    private const int HandSlots = 8;

    // How far the hand moves at most: it passes over slots that were never used without reading them.
    private const int HandReach = 1024;

    /// <summary>Looks at the next few used slots and moves the hand beyond them.</summary>
    public void Step()
    {
        LeaseTable table = session.Table;
        int start = table.Hand;
        int end = Math.Min(start + HandReach, TableLayout.SlotCount);
        int looked = 0;
        int index = table.Tags.NextUsed(start, end);
        for (; index < end && looked < HandSlots; index = table.Tags.NextUsed(index + 1, end))
        {
            if (!SlotTag.IsLeased(table.Tags[index]))
                continue;
            looked++;
            Reclaim(index, table.ReadSlot(index));
        }

        table.MoveHand(index);
    }

    /// <summary>Looks at every used slot of a range and a protocol.</summary>
    public void Run(PortRange range, PortProtocol protocol)
    {
        if (protocol != PortProtocol.Udp)
            session.Table.Scan(TableLayout.Index(range.First, false), TableLayout.Index(range.Last, false) + 1, Reclaim);
        if (protocol != PortProtocol.Tcp)
            session.Table.Scan(TableLayout.Index(range.First, true), TableLayout.Index(range.Last, true) + 1, Reclaim);
    }

    /// <summary>Looks at every used slot, and says what was or would be taken back.</summary>
    public IReadOnlyList<StalePort> RunAll(bool whatIf)
    {
        List<StalePort> found = [];
        session.Table.Scan(0, TableLayout.SlotCount, (index, slot) =>
        {
            if (slot.Record is not { Kind: SlotKind.Leased } record || session.Judge.Judge(record) is var reason && reason == StaleReason.None)
                return;
            if (record.Protocol != PortProtocol.Both || !TableLayout.IsUdp(index))
                found.Add(Report(record, reason, removed: !whatIf));
            if (!whatIf)
                Reclaim(index, slot);
        });
        return found;
    }

    private void Reclaim(int index, Slot slot)
    {
        if (slot.Record is { Kind: SlotKind.Leased } record)
        {
            if (session.Judge.Judge(record) != StaleReason.None)
                session.Rest(record);
        }
        else if (SlotTag.IsLeased(session.Table.Tags[index]))
        {
            // A writer was stopped between tag and slot.
            session.Table.Tags.Write(index, slot.Record is null ? 0 : SlotTag.Of(slot.Record));
        }
    }

    private static StalePort Report(SlotRecord record, StaleReason reason, bool removed) => new()
    {
        Port = record.Port,
        Protocol = record.Protocol,
        Name = record.Name,
        OwnerProcessId = record.Owner.Id == 0 ? null : record.Owner.Id,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(record.CreatedAt),
        Reason = LeaseJudge.Describe(reason, record),
        Removed = removed,
    };
}

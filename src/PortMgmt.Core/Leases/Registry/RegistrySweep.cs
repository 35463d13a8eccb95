using System.Collections;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>Takes dead leases back: eight slots at an allocation, once a millisecond at most, or all of them when somebody asks.</summary>
internal sealed class RegistrySweep(RegistrySession session)
{
    private const int SweepSlots = 8;

    // One slot in so many is looked at closely: every fourth allocation does it for one.
    private const int CloseLookOneIn = 4 * SweepSlots;

    // How far the cursor moves at most: it passes over slots that were never used without reading them.
    private const int SweepReach = 1024;

    /// <summary>
    /// Looks at the next few used slots and moves the cursor beyond them. All get a quick check; whether an id belongs to another
    /// process by now costs ten times as much to find out, so the clock chooses those that are asked for it.
    /// </summary>
    public void Step()
    {
        // Leases that follow one another closer than that do not pay for it each: thousands a second still meet thousands of slots.
        LeaseTable table = session.Table;
        if (table.Clocks?.Clock == session.Now)
        {
            return;
        }

        int start = table.SweepCursor;
        int end = Math.Min(start + SweepReach, TableLayout.SlotCount);
        int looked = 0;
        int chosen = (int)(session.Now % CloseLookOneIn);
        int index = table.Tags.NextUsed(start, end);
        for (; index < end && looked < SweepSlots; index = table.Tags.NextUsed(index + 1, end))
        {
            if (!SlotTag.IsLeased(table.Tags[index]))
            {
                continue;
            }

            Slot slot = table.ReadSlot(index);
            if (looked++ == chosen || slot.Record is not { Kind: SlotKind.Leased } record || session.Liveness.IsObviouslyStale(record))
            {
                Reclaim(index, slot);
            }
        }

        table.MoveSweepCursor(index, session.Clocks);
    }

    /// <summary>Looks at every used slot of a range and a protocol.</summary>
    public void Run(PortRange range, PortProtocol protocol)
    {
        if (protocol != PortProtocol.Udp)
        {
            session.Table.Scan(TableLayout.Index(range.First, false), TableLayout.Index(range.Last, false) + 1, Reclaim);
        }

        if (protocol != PortProtocol.Tcp)
        {
            session.Table.Scan(TableLayout.Index(range.First, true), TableLayout.Index(range.Last, true) + 1, Reclaim);
        }
    }

    /// <summary>Looks at every slot, whatever the tags say, and says what was or would be taken back.</summary>
    public IReadOnlyList<StalePort> RunAll(bool whatIf)
    {
        List<StalePort> found = [];
        BitArray written = new(TableLayout.SlotCount);
        session.Table.ScanAll((index, slot) =>
        {
            written[index] = true;
            bool isSecond = slot.Record is { Protocol: PortProtocol.Both } && TableLayout.IsUdp(index);
            if (!isSecond && slot.Record is { Kind: SlotKind.Leased } record && session.Liveness.Check(record) is var reason && reason != StaleReason.None)
            {
                found.Add(Report(record, reason, removed: !whatIf));
            }

            if (!whatIf)
            {
                Reclaim(index, slot);
            }
        });
        if (!whatIf)
        {
            RepairTagsOfBlankSlots(written);
        }

        return found;
    }

    private void Reclaim(int index, Slot slot)
    {
        if (slot.Record is { Kind: SlotKind.Leased } record && session.Liveness.Check(record) != StaleReason.None)
        {
            session.Quarantine(record);
        }
        else
        {
            RepairTag(index, slot);
        }
    }

    /// <summary>Sets a tag right: its writer was stopped between tag and slot, or something else wrote there.</summary>
    private void RepairTag(int index, Slot slot)
    {
        uint tag = slot.Record is null ? 0 : SlotTag.From(slot.Record);
        if (session.Table.Tags[index] != tag)
        {
            session.Table.Tags.Write(index, tag);
        }
    }

    private void RepairTagsOfBlankSlots(BitArray written)
    {
        LeaseTable table = session.Table;
        for (int index = table.Tags.NextUsed(0, TableLayout.SlotCount); index < TableLayout.SlotCount; index = table.Tags.NextUsed(index + 1, TableLayout.SlotCount))
        {
            if (!written[index] && table.ReadSlot(index).Record is null)
            {
                table.Tags.Write(index, 0);
            }
        }
    }

    private static StalePort Report(SlotRecord record, StaleReason reason, bool removed) => new()
    {
        Port = record.Port,
        Protocol = record.Protocol,
        Name = record.Name,
        Scope = record.Scope,
        OwnerProcessId = record.Owner.Id == 0 ? null : record.Owner.Id,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(record.CreatedAt),
        Reason = LeaseLiveness.Describe(reason, record),
        Removed = removed,
    };
}

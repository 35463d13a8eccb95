using PortMgmt.Leases.Allocation;

namespace PortMgmt.Leases.Table;

/// <summary>
/// Four bytes a slot, in front of the table: enough to pass over taken and quarantined ports and to find a name without
/// reading slots. A hint: it is set before a slot is taken and cleared after it is freed, the slot alone is true, and
/// it can be rebuilt from the slots. 0 is free; a leased slot has a hash of its name and scope; a quarantined one the top bit and the
/// second of the monotonic clock in which it becomes free, from which on the slot is asked.
/// </summary>
internal static class SlotTag
{
    private const uint QuarantineBit = 0x8000_0000;

    public static uint From(SlotRecord record) => record.Kind == SlotKind.Leased
        ? OfName(record.Name, record.Scope)
        : QuarantineBit | (uint)(record.Deadline / 1000);

    public static uint OfName(string name, string scope) => Math.Max(1, (uint)StickyHash.Compute(name, scope) & ~QuarantineBit);

    public static bool IsLeased(uint tag) => tag != 0 && (tag & QuarantineBit) == 0;

    public static bool IsQuarantined(uint tag, long now) => (tag & QuarantineBit) != 0 && (tag & ~QuarantineBit) > now / 1000;
}

using PortMgmt.Leases.Allocation;

namespace PortMgmt.Leases.Table;

/// <summary>
/// Four bytes a slot, in front of the table: enough to pass over taken and resting ports and to find a name without
/// reading slots. A hint: it is set before a slot is taken and cleared after it is freed, the slot alone is true, and
/// it can be rebuilt from the slots. 0 is free; a leased slot has a hash of its name; a resting one the top bit and the
/// second of the monotonic clock in which it becomes free, from which on the slot is asked.
/// </summary>
internal static class SlotTag
{
    private const uint RestingBit = 0x8000_0000;

    public static uint Of(SlotRecord record) => record.Kind == SlotKind.Leased
        ? OfName(record.Name)
        : RestingBit | (uint)(record.Deadline / 1000);

    public static uint OfName(string name) => Math.Max(1, (uint)StickyHash.Of(name) & ~RestingBit);

    public static bool IsLeased(uint tag) => tag != 0 && (tag & RestingBit) == 0;

    public static bool IsResting(uint tag, long now) => (tag & RestingBit) != 0 && (tag & ~RestingBit) > now / 1000;
}

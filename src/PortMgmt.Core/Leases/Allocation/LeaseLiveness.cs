using System.Globalization;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;

namespace PortMgmt.Leases.Allocation;

/// <summary>Says of leases whether they hold. Made for one call: a process is examined once.</summary>
/// <param name="platform">Who knows processes.</param>
/// <param name="now">The monotonic clock, in milliseconds.</param>
internal sealed class LeaseLiveness(HostPlatform platform, long now)
{
    private readonly Dictionary<int, Verdict> _verdicts = [];

    public StaleReason Check(SlotRecord record)
    {
        if (record.Deadline != 0 && now >= record.Deadline)
        {
            return StaleReason.Expired;
        }

        if (record.Owner.Id == 0 || record.Owner.IsSame(platform.Self))
        {
            return StaleReason.None;
        }

        return Examine(record.Owner) switch
        {
            ProcessLife.Gone => StaleReason.OwnerGone,
            ProcessLife.Replaced => StaleReason.OwnerReplaced,
            _ => StaleReason.None,
        };
    }

    /// <summary>Whether a quick check shows that a lease holds no more: its time has passed, or its owner's id is nobody's.</summary>
    public bool IsObviouslyStale(SlotRecord record) =>
        (record.Deadline != 0 && now >= record.Deadline) || (record.Owner.Id != 0 && !record.Owner.IsSame(platform.Self) && platform.IsGone(record.Owner));

    /// <summary>The state of a lease that was not taken back.</summary>
    public PortLeaseState StateOf(SlotRecord record) => Check(record) == StaleReason.None ? PortLeaseState.Active : PortLeaseState.Stale;

    public static string Describe(StaleReason reason, SlotRecord record) => reason switch
    {
        StaleReason.OwnerGone => string.Create(CultureInfo.InvariantCulture, $"its owner, process {record.Owner.Id}, has ended"),
        StaleReason.OwnerReplaced => string.Create(CultureInfo.InvariantCulture, $"its owner has ended, and process id {record.Owner.Id} belongs to another process now"),
        StaleReason.Expired => "its time to live has passed",
        _ => "it holds",
    };

    private ProcessLife Examine(in ProcessStamp owner)
    {
        if (_verdicts.TryGetValue(owner.Id, out Verdict? known) && known.Process == owner)
        {
            return known.Life;
        }

        ProcessLife life = platform.Examine(owner);
        _verdicts[owner.Id] = new Verdict(owner, life);
        return life;
    }

    private sealed record Verdict(ProcessStamp Process, ProcessLife Life);
}

using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Table;

/// <summary>What one slot of the table says. Immutable.</summary>
internal sealed record SlotRecord
{
    public required SlotKind Kind { get; init; }

    public required int Port { get; init; }

    /// <summary>The protocol of the lease: a lease of both has the same record in two slots.</summary>
    public required PortProtocol Protocol { get; init; }

    /// <summary>The owner; its id is 0 for an ownerless lease.</summary>
    public ProcessStamp Owner { get; init; }

    /// <summary>The user who made the lease, in the system's own terms, at most 43 ASCII characters.</summary>
    public required string UserId { get; init; }

    /// <summary>When the lease was made, in milliseconds since 1970 UTC.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When the lease or the rest ends, in milliseconds of the monotonic clock; 0 for never.</summary>
    public long Deadline { get; init; }

    /// <summary>The fence: 24 random hexadecimal digits.</summary>
    public required string Fence { get; init; }

    /// <summary>The label; empty for none.</summary>
    public required string Name { get; init; }

    /// <summary>What the name belongs to, in the form that is kept (<see cref="ScopeText"/>); empty for none.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Whether this is a record of the slot with this index, which may be any number.</summary>
    public bool BelongsTo(int index) => index is >= 0 and < TableLayout.SlotCount && Port == TableLayout.PortOf(index)
        && (Protocol == PortProtocol.Both || TableLayout.IsUdp(index) == (Protocol == PortProtocol.Udp));
}

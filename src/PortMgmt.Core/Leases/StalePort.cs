using PortMgmt.Ports;

namespace PortMgmt.Leases;

/// <summary>A lease that a sweep took back (or would take back), and why.</summary>
public sealed record StalePort
{
    /// <summary>The port number.</summary>
    public required int Port { get; init; }

    /// <summary>The protocol of the lease.</summary>
    public required PortProtocol Protocol { get; init; }

    /// <summary>The lease's label; empty for none.</summary>
    public required string Name { get; init; }

    /// <summary>What the name belongs to; empty for none.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The owner that is gone; null for an ownerless lease.</summary>
    public int? OwnerProcessId { get; init; }

    /// <summary>When the lease was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why it is stale, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether it was taken back; false when the sweep only looked.</summary>
    public required bool Removed { get; init; }
}

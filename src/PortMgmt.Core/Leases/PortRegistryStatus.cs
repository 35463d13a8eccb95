using PortMgmt.Text;

namespace PortMgmt.Leases;

/// <summary>Where a registry is, how full it is and who waits for it. What could not be learned is null, and <see cref="Problems"/> says why.</summary>
public sealed record PortRegistryStatus
{
    /// <summary>Its directory.</summary>
    public required string Directory { get; init; }

    /// <summary>Which rule chose the directory.</summary>
    public required PortRegistrySource Source { get; init; }

    /// <summary>The table's file; it need not exist yet.</summary>
    public required string? TableFile { get; init; }

    /// <summary>What the table takes on disk, in bytes.</summary>
    public required long? TableBytes { get; init; }

    /// <summary>Leases that hold.</summary>
    public required int? ActiveLeases { get; init; }

    /// <summary>Leases whose owner is gone or whose time has passed.</summary>
    public required int? StaleLeases { get; init; }

    /// <summary>Ports in quarantine after a lease.</summary>
    public required int? QuarantinedPorts { get; init; }

    /// <summary>Ports of the default range that may be handed out unasked on TCP: neither excluded nor ephemeral nor reserved.</summary>
    public required int? UsablePorts { get; init; }

    /// <summary>The process that holds the lock right now; null for none or where the system does not tell.</summary>
    public int? LockHolder { get; init; }

    /// <summary>Processes that wait for the lock, where the system tells.</summary>
    public IReadOnlyList<int> LockWaiters { get; init => field = TextList<int>.Words(value); } = TextList<int>.Words([]);

    /// <summary>Why something could not be learned: each in a sentence with what is to be done; empty where the registry works.</summary>
    public IReadOnlyList<string> Problems { get; init => field = TextList<string>.Sentences(value); } = TextList<string>.Sentences([]);
}

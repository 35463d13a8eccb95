namespace PortMgmt.Leases;

/// <summary>What a caller wants of a port. Everything has a default: an empty request leases any one TCP port.</summary>
public sealed record PortLeaseRequest
{
    /// <summary>
    /// A label, 1 to 64 characters of letters, digits and <c>._:/-</c>, compared without case; many leases may share one.
    /// A name tends to get the same port back. Null or empty for none.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>TCP unless said otherwise.</summary>
    public PortProtocol Protocol { get; init; }

    /// <summary>Exactly this port or an error, 1 to 65535; 0 means any.</summary>
    public int Port { get; init; }

    /// <summary>This port if it can be had, else another, 1 to 65535; 0 means no preference.</summary>
    public int PreferredPort { get; init; }

    /// <summary>Where to look; null for the default range of the registry's policy.</summary>
    public PortRange? Range { get; init; }

    /// <summary>Ports that this caller does not want.</summary>
    public IReadOnlyList<PortRange> Exclude { get; init; } = [];

    /// <summary>How many ports, 1 to 1000; all of them or none.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Whether the ports must follow one another without a gap.</summary>
    public bool Contiguous { get; init; }

    /// <summary>How long the lease lives at most; null for as long as its owner. At least one second; cut to the policy's longest.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Whose life the lease is tied to; the calling process unless said otherwise.</summary>
    public PortLeaseOwner Owner { get; init; } = PortLeaseOwner.CurrentProcess;

    /// <summary>Get-or-create: the live lease of the same name, protocol and owner if there is one. Requires a name.</summary>
    public bool Reuse { get; init; }

    /// <summary>With <see cref="Reuse"/>: the token of the ownerless lease to be had again.</summary>
    public string? Token { get; init; }

    /// <summary>With <see cref="Port"/>: take a port under lease on which a process listens already; that process becomes the owner.</summary>
    public bool Adopt { get; init; }
}

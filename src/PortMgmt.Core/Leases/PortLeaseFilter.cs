using PortMgmt.Ports;

namespace PortMgmt.Leases;

/// <summary>Which leases are meant. All that is set must hold; an empty filter means every lease.</summary>
public sealed record PortLeaseFilter
{
    /// <summary>A name, compared without case; null for any.</summary>
    public string? Name { get; init; }

    /// <summary>Whether <see cref="Name"/> is a pattern in which <c>*</c> and <c>?</c> stand for any characters and for one.</summary>
    public bool NameIsPattern { get; init; }

    /// <summary>
    /// A scope, as <see cref="PortScope.Find"/> takes it: empty for leases without one, null for any, but with a
    /// <see cref="Name"/> for <c>PORTMGMT_SCOPE</c> or none, since a name is one in its scope alone.
    /// </summary>
    public string? Scope { get; init; }

    /// <summary>Whether <see cref="Scope"/> is a pattern in which <c>*</c> and <c>?</c> stand for any characters and for one; <c>*</c> is any scope or none.</summary>
    public bool ScopeIsPattern { get; init; }

    /// <summary>A port; null for any.</summary>
    public int? Port { get; init; }

    /// <summary>A protocol; null for any. A lease of both protocols matches each.</summary>
    public PortProtocol? Protocol { get; init; }

    /// <summary>The owner's process id; null for any.</summary>
    public int? OwnerProcessId { get; init; }

    /// <summary>A state; null for <see cref="PortLeaseState.Active"/> and <see cref="PortLeaseState.Stale"/>.</summary>
    public PortLeaseState? State { get; init; }

    /// <summary>A lease's token; null for any.</summary>
    public string? Token { get; init; }

    /// <summary>Whether to look up who listens on each port (slower).</summary>
    public bool IncludeListener { get; init; }
}

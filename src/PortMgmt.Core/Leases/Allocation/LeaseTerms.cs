using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>A request that has been checked, with the registry's policy worked in. Immutable.</summary>
internal sealed record LeaseTerms
{
    public required string Name { get; init; }

    /// <summary>What the name belongs to, as the table keeps it; empty for none.</summary>
    public required string Scope { get; init; }

    public required PortProtocol Protocol { get; init; }

    public required int Port { get; init; }

    public required IReadOnlyList<int> PreferredPorts { get; init; }

    public required PortRange Range { get; init; }

    /// <summary>Whether the caller named the range.</summary>
    public required bool RangeAsked { get; init; }

    public required PortSet Exclude { get; init; }

    public required int Count { get; init; }

    /// <summary>Whether there are several ports that must follow one another.</summary>
    public required bool Contiguous { get; init; }

    /// <summary>Where the search starts, before it is cut to the range.</summary>
    public required ulong StartHash { get; init; }

    /// <summary>Checks a request and works the policy in.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>, also when it asks for more ports than its range has.</exception>
    public static LeaseTerms From(PortLeaseRequest request, PortPolicy policy)
    {
        request.Validate();
        PortRange range = request.Range ?? policy.DefaultRange;
        if (request.Port == 0 && request.Count > range.Count)
        {
            throw PortRefusals.Invalid($"{request.Count} ports were asked for, but the range {range} has {range.Count}: ask for fewer or name a larger range.");
        }

        string name = request.Name ?? "";
        string scope = PortScope.Find(request.Scope);
        return new LeaseTerms
        {
            Name = name,
            Scope = scope,
            Protocol = request.Protocol,
            Port = request.Port,
            PreferredPorts = [.. request.Preferences],
            Range = range,
            RangeAsked = request.Range is not null,
            Exclude = PortSet.From(request.Exclude),
            Count = request.Count,
            Contiguous = request.Contiguous && request.Count > 1,
            StartHash = name.Length > 0 ? StickyHash.Compute(name, scope) : (ulong)Random.Shared.NextInt64(),
        };
    }
}

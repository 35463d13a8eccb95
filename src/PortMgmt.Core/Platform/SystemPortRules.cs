using PortMgmt.Ports;

namespace PortMgmt.Platform;

/// <summary>The ports that the system keeps for itself, as it says right now.</summary>
/// <param name="Ephemeral">Where it takes ports for outgoing connections; null where it does not tell.</param>
/// <param name="Reserved">Ports that it leaves out there because somebody needs them.</param>
internal sealed record SystemPortRules(PortRange? Ephemeral, PortSet Reserved)
{
    /// <summary>Ports that it lets nobody bind (Windows: excluded ranges), as far as it tells.</summary>
    public PortSet Excluded { get; init; } = PortSet.Empty;
}

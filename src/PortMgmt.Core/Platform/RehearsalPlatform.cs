namespace PortMgmt.Platform;

/// <summary>The system for a rehearsal: itself in all things, but a port is tried on whatever free port the system picks, in nobody's way.</summary>
/// <param name="system">The system.</param>
internal sealed class RehearsalPlatform(HostPlatform system) : DelegatingPlatform(system)
{
    public override PortBinding Probe(int port, bool udp) => Inner.Probe(0, udp);
}

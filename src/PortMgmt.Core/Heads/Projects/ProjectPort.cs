using PortMgmt.Ports;

namespace PortMgmt.Heads.Projects;

/// <summary>A port that a project file names.</summary>
/// <param name="Name">The name of its lease.</param>
/// <param name="Variable">The environment variable that has it.</param>
/// <param name="Protocol">The transport.</param>
/// <param name="Preferred">The ports to prefer, in their order; empty for none.</param>
internal sealed record ProjectPort(string Name, string Variable, PortProtocol Protocol, IReadOnlyList<int> Preferred);

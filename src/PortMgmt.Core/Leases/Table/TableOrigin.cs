namespace PortMgmt.Leases.Table;

/// <summary>Where a table comes from, as its header says.</summary>
/// <param name="Version">The version of its format.</param>
/// <param name="Boot">The boot in which it was made, or what stands for one that its maker was not told.</param>
/// <param name="Network">The network namespace, as the system numbers it; empty where there is none.</param>
/// <param name="Host">The host name of its maker; empty where the header has none.</param>
internal readonly record struct TableOrigin(int Version, string Boot, string Network, string Host);

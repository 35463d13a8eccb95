namespace PortMgmt.Cli.Demo;

/// <summary>What was seen.</summary>
/// <param name="Ports">The ports of the instances.</param>
/// <param name="ReclaimedPort">The port of the killed one, which its successor got.</param>
/// <param name="LeasesLeft">Leases left after all of them had ended.</param>
/// <param name="Allocations">The allocation times.</param>
internal sealed record LeaseDemoResult(int[] Ports, int ReclaimedPort, int LeasesLeft, AllocationTimes Allocations);

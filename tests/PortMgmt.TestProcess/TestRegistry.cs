using PortMgmt.Leases;
using PortMgmt.Platform;

namespace PortMgmt.TestProcess;

/// <summary>Opens the registry that the environment names, with a patience that a busy machine does not exhaust.</summary>
internal static class TestRegistry
{
    public static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    public static PortRegistry Open(TimeProvider? time = null, string? directory = null, HostPlatform? platform = null) => PortRegistry.Open(platform ?? HostPlatform.Current, new PortRegistryOptions
    {
        Directory = directory,
        LockTimeout = WaitTimeout,
        LockStallTimeout = WaitTimeout,
        TimeProvider = time ?? TimeProvider.System,
    });
}

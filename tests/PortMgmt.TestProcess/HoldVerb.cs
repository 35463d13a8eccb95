using PortMgmt.Leases;
using PortMgmt.Leases.Registry;
using PortMgmt.Platform;

namespace PortMgmt.TestProcess;

/// <summary><c>hold</c>: locks the registry that the environment names, says so, and lets go when its input ends.</summary>
internal static class HoldVerb
{
    public static int Run(TextReader input, TextWriter output)
    {
        var options = new PortRegistryOptions { LockTimeout = TestRegistry.WaitTimeout, LockStallTimeout = TestRegistry.WaitTimeout };
        var location = RegistryLocation.Find(HostPlatform.Current, options.Directory);
        new RegistryAccess(HostPlatform.Current, location, options).RunLocked(
            () =>
            {
                output.WriteLine("held");
                input.ReadToEnd();
            },
            CancellationToken.None);
        return 0;
    }
}

using PortMgmt.Leases.Policy;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>Makes the registry that all users of this host share, with what nobody but the administrator may be the first to put in it.</summary>
internal static class MachineWideRegistry
{
    /// <summary>Makes it; harmless where it is made.</summary>
    /// <param name="platform">The system.</param>
    /// <param name="force">Whether to make it though users have live leases in registries of their own.</param>
    /// <param name="time">The clock of leases.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.LeaseConflict"/> when users have and it is not forced, or it cannot be made.</exception>
    public static RegistryAccess Make(HostPlatform platform, bool force, TimeProvider time)
    {
        var location = new RegistryLocation(platform.MachineDirectory, PortRegistrySource.MachineWide);
        if (!force && !Directory.Exists(location.Directory))
        {
            new UserRegistries(platform, time).RefuseToAbandon();
        }

        var access = new RegistryAccess(platform, location, new PortRegistryOptions { TimeProvider = time, LockTimeout = LockTimeouts.Resolve(null) });
        access.PrepareDirectory();
        access.RunLocked(
            () =>
            {
                // The policy is the administrator's from the start: in a sticky directory nobody else can replace it.
                if (!File.Exists(location.PolicyFile))
                {
                    PolicyFile.Write(platform, location.PolicyFile, new PortPolicy());
                }

                platform.ShareDirectory(location.Directory);
            },
            CancellationToken.None);
        return access;
    }
}

using System.Globalization;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>Finds the process that is to own a lease.</summary>
internal static class LeaseOwners
{
    /// <summary>The owner's stamp; that of nobody has the id 0.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.OwnerNotFound"/> when there is no such process.</exception>
    public static ProcessStamp Resolve(HostPlatform platform, PortLeaseOwner owner)
    {
        if (owner.ProcessId is not int id)
        {
            return default;
        }

        if (id == Environment.ProcessId)
        {
            return platform.Self;
        }

        return platform.GetProcess(id) ?? throw new PortRegistryException(
            PortRegistryErrorCode.OwnerNotFound,
            string.Create(CultureInfo.InvariantCulture, $"There is no process {id} to own the lease: name one that runs, or none and a time to live."));
    }
}

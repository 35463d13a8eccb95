using System.Globalization;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>Finds the process that is to own a lease.</summary>
internal static class LeaseOwners
{
    private const int FirstProcess = 1;

    /// <summary>The owner's stamp; that of nobody has the id 0.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.OwnerNotFound"/> when there is no such process, or none that can own a lease.</exception>
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

        // That of the machine never ends, and a script whose starter has ended finds it as its parent. In a container it is the service itself.
        if (id == FirstProcess && !platform.IsIsolated)
        {
            throw NotFound("Process 1 is the machine's own and never ends, so its lease would not either: name the process that uses the port, or none and a time to live.");
        }

        if (platform.IsThread(id))
        {
            throw NotFound(string.Create(CultureInfo.InvariantCulture, $"{id} is the id of a thread, and only a process can own a lease: name the process that the thread is of, or none and a time to live."));
        }

        return platform.GetProcess(id)
            ?? throw NotFound(string.Create(CultureInfo.InvariantCulture, $"There is no process {id} to own the lease: name one that runs, or none and a time to live."));
    }

    private static PortRegistryException NotFound(string message) => new(PortRegistryErrorCode.OwnerNotFound, message);
}

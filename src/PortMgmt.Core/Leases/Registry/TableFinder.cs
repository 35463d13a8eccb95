using PortMgmt.Leases.Allocation;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>
/// Finds the table of this boot and network namespace. Who is told the boot knows it by name. Who is not (a hardened unit, a
/// container with a boot id of its own) takes the one that is provably of this boot; a table that nobody can tell apart from that
/// one is never passed over, since its leases may live.
/// </summary>
internal sealed class TableFinder(HostPlatform platform, RegistryLocation location)
{
    /// <summary>The path of the table, which need not exist. Called under the lock.</summary>
    /// <param name="now">The machine's clock.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.RegistryUnavailable"/> when it cannot be told which it is.</exception>
    public string Find(long now)
    {
        string own = location.TableFile(platform);
        if (platform.BootId is not null)
        {
            return own;
        }

        var liveness = new LeaseLiveness(platform, now);
        List<string> undecided = [];
        foreach (string path in Directory.EnumerateFiles(location.Directory, "leases-*.table").Where(path => path != own).Order(StringComparer.Ordinal))
        {
            using var other = OtherTable.Open(platform, path);
            if (other is null || other.Origin.Network != platform.NetworkId)
            {
                continue;
            }

            if (other.IsBootTold && other.IsOfThisBoot(platform, now))
            {
                return path;
            }

            if (!other.IsDead(platform, liveness, now))
            {
                undecided.Add(path);
            }
        }

        return undecided.Count == 0 ? own : throw CannotTell(undecided);
    }

    private static PortRegistryException CannotTell(List<string> tables) => new(
        PortRegistryErrorCode.RegistryUnavailable,
        "This process is not told which boot of the machine it runs in (/proc/sys/kernel/random/boot_id is hidden, as by ProcSubset=pid, or something is mounted over it, as in a container), "
        + $"and nothing proves whether {string.Join(" and ", tables.Select(static path => $"'{path}'"))} is of this boot, so its leases may hold. Nothing was leased or changed: "
        + "lease once from where the boot is shown (a shell outside of the sandbox), or show it here (ProcSubset=all), or name a directory in PORTMGMT_REGISTRY that only this sandbox uses.");
}

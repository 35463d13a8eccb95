using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>
/// The registries that users have of their own, which the machine-wide one takes the place of: their leases would hold on, and
/// nobody would ask for them. They are read without a lock and never written: each is its user's.
/// </summary>
internal sealed class UserRegistries(HostPlatform platform, TimeProvider time)
{
    // More makes no sentence.
    private const int MaxListed = 20;

    /// <summary>Refuses to leave living leases behind.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.LeaseConflict"/>, with their list.</exception>
    public void RefuseToAbandon()
    {
        List<string> living = [];
        foreach (string directory in platform.FindUserDirectories())
        {
            living.AddRange(Living(directory).OrderBy(static record => record.Port)
                .Select(record => $"{PortRefusals.Summary(record)} (user {platform.GetUserName(record.UserId)})"));
        }

        if (living.Count > 0)
        {
            string more = living.Count > MaxListed ? $" and {living.Count - MaxListed} more" : "";
            throw new PortRegistryException(
                PortRegistryErrorCode.LeaseConflict,
                $"Users of this machine have live leases in registries of their own, which nobody asks once there is a machine-wide one, so that their ports would be leased again: {string.Join(", ", living.Take(MaxListed))}{more}. "
                + "Nothing was changed: end them first, or repeat with force to leave them behind.");
        }
    }

    /// <summary>The directory of this user's own registry, where a lease lives there that a token stands for; null where none does.</summary>
    public string? FindHolder(LeaseToken token)
    {
        try
        {
            string directory = platform.UserDirectory;
            return Living(directory).Any(record => LeaseToken.From(record) == token) ? directory : null;
        }
        catch (PortRegistryException)
        {
            // A user without a home has none.
            return null;
        }
    }

    private List<SlotRecord> Living(string directory)
    {
        long now = RegistrySession.MonotonicNow(time, platform);
        var liveness = new LeaseLiveness(platform, now);
        List<SlotRecord> living = [];
        foreach (string path in TablesOf(directory))
        {
            using var table = OtherTable.Open(platform, path);
            living.AddRange(table is null ? [] : table.Records()
                .Where(record => record.Kind == SlotKind.Leased && liveness.Check(record) == StaleReason.None)
                .DistinctBy(static record => (record.Port, record.Fence)));
        }

        return living;
    }

    /// <summary>The tables of this boot: that of whoever is told the boot, and that of whoever is not.</summary>
    private IEnumerable<string> TablesOf(string directory)
    {
        string own = Path.Combine(directory, $"leases-{platform.InstanceId}.table");
        string untold = Path.Combine(directory, $"leases-{HostPlatform.UnknownBoot}-{platform.NetworkId}.table");
        return own == untold ? [own] : [own, untold];
    }
}

using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Registry;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Policy;

/// <summary>What a policy may say.</summary>
internal static class PolicyRules
{
    /// <summary>Refuses a policy under which nobody could lease a port unasked.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>: what, why and the way out.</exception>
    public static void CheckUsable(PortRules rules)
    {
        // What is wrong with the range that is built in is the machine's doing, and not that of this policy.
        int[] tally = rules.CountRange(rules.IsRangeTakenAtItsWord || !rules.Policy.IsDefaultRangeSet);
        if (tally[(int)PortRefusal.None] == 0 && tally[(int)PortRefusal.Reserved] == 0)
        {
            string low = tally[(int)PortRefusal.Privileged] > 0 ? " Ports below 1024 go to requests that name them or their range, and to no others." : "";
            throw PortRefusals.Invalid(
                $"No port of the default range {rules.Policy.DefaultRange} could ever be leased under this policy. Of {rules.Policy.DefaultRange.Count}: {PortRefusals.Describe(tally)}.{low} Name another range, or exclude less.");
        }
    }

    /// <summary>Refuses a policy that makes no sense.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>: what, why and the way out.</exception>
    public static void Check(PortPolicy policy)
    {
        if (policy.DefaultRange.First < 1)
        {
            throw PortRefusals.Invalid("The default range is empty: name one such as 10000-29999.");
        }

        if (policy.MaxTimeToLive is { } limit && limit < LeaseTime.Min)
        {
            throw PortRefusals.Invalid($"A longest time to live of {limit} would let no lease live: name one of at least 1 ms, or none.");
        }

        if (policy.Exclude.Any(static range => range.First < 1))
        {
            throw PortRefusals.Invalid("A range of ports to exclude is empty: name one such as 9000-9010, or leave it out.");
        }

        var excluded = PortSet.From(policy.Exclude);
        var names = new Dictionary<int, string>();
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, int port) in policy.Reservations)
        {
            PortReservation.Check(name);
            if (!known.Add(name))
            {
                throw PortRefusals.Invalid($"The name '{name}' cannot have two ports reserved (names differ by more than case): take one of them back.");
            }

            if (port is < 1 or > 65535)
            {
                throw PortRefusals.Invalid($"The name '{name}' cannot have port {port} reserved: a port is 1 to 65535.");
            }

            if (excluded.Contains(port))
            {
                throw PortRefusals.Invalid($"Port {port} cannot be reserved for '{name}' and excluded at once: take one of them back.");
            }

            if (!names.TryAdd(port, name))
            {
                throw PortRefusals.Invalid($"Port {port} cannot be reserved for both '{names[port]}' and '{name}': give one of them another port.");
            }
        }
    }
}

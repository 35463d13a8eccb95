using PortMgmt.Leases.Allocation;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Policy;

/// <summary>What speaks against handing out a port before anybody looks at it: the registry's policy and the system's own ranges. Immutable.</summary>
internal sealed class PortRules(PortPolicy policy, SystemPortRules system)
{
    private const int FirstUnprivileged = 1024;

    /// <summary>The rules that a request by number overrides.</summary>
    public static ReadOnlySpan<PortRefusal> SoftRules =>
        [PortRefusal.Privileged, PortRefusal.Ephemeral, PortRefusal.KernelReserved, PortRefusal.BrowserBlocked];

    private readonly PortSet _excluded = PortSet.From(policy.Exclude);

    public PortPolicy Policy => policy;

    /// <summary>
    /// Whether the policy's range overrides the ephemeral rule: it was set, and without that nothing of it could be had. The rule of low
    /// ports it never overrides: those go to who names them, and to nobody unasked.
    /// </summary>
    public bool IsRangeTakenAtItsWord => policy.IsDefaultRangeSet && IsWithheld(policy.DefaultRange);

    /// <summary>Whether all of a range that is not below 1024 is in the ephemeral range.</summary>
    public bool IsWithheld(PortRange range)
    {
        int first = Math.Max(range.First, FirstUnprivileged);
        return first <= range.Last && system.Ephemeral is { } ephemeral && ephemeral.Contains(first) && ephemeral.Contains(range.Last);
    }

    /// <summary>How many ports of the policy's range each rule keeps from a caller without a name, as a tally by <see cref="PortRefusal"/>; the first is what is left.</summary>
    public int[] CountRange() => CountRange(IsRangeTakenAtItsWord);

    /// <summary>The same, whatever the range overrides.</summary>
    /// <param name="atItsWord">Whether the range overrides the ephemeral rule.</param>
    public int[] CountRange(bool atItsWord)
    {
        int[] tally = PortRefusals.NewTally();
        for (int port = policy.DefaultRange.First; port <= policy.DefaultRange.Last; port++)
        {
            PortRefusal refusal = CheckHardRules(port, "", "");
            tally[(int)(refusal == PortRefusal.None ? CheckSoftRules(port, rangeAsked: false, atItsWord) : refusal)]++;
        }

        return tally;
    }

    /// <summary>The port that the policy keeps for a name: in its scope, else in every scope; 0 for none.</summary>
    public int ReservedPort(string name, string scope)
    {
        if (policy.Reservations.Count == 0)
        {
            return 0;
        }

        return policy.Reservations.TryGetValue(PortReservation.Key(name, scope), out int port) || policy.Reservations.TryGetValue(name, out port) ? port : 0;
    }

    /// <summary>Whom the policy keeps a port for (<see cref="PortReservation"/>); null for nobody.</summary>
    public string? ReservedFor(int port)
    {
        if (policy.Reservations.Count == 0)
        {
            return null;
        }

        foreach ((string name, int reserved) in policy.Reservations)
        {
            if (reserved == port)
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>The rules that nobody may override, not even by number.</summary>
    public PortRefusal CheckHardRules(int port, string name, string scope)
    {
        if (ReservedFor(port) is string owner && !owner.Equals(name, StringComparison.OrdinalIgnoreCase)
            && !owner.Equals(PortReservation.Key(name, scope), StringComparison.OrdinalIgnoreCase))
        {
            return PortRefusal.Reserved;
        }

        return _excluded.Contains(port) ? PortRefusal.Excluded : PortRefusal.None;
    }

    /// <summary>The first rule that keeps a port from being handed out unasked.</summary>
    /// <param name="port">The port.</param>
    /// <param name="rangeAsked">Whether the caller named the range, which overrides the low-port and the ephemeral rule.</param>
    /// <param name="rangeAtItsWord">Whether the policy's range is <see cref="IsRangeTakenAtItsWord"/>.</param>
    public PortRefusal CheckSoftRules(int port, bool rangeAsked, bool rangeAtItsWord = false)
    {
        foreach (PortRefusal rule in SoftRules)
        {
            bool isOverridden = rule switch
            {
                PortRefusal.Privileged => rangeAsked,
                PortRefusal.Ephemeral => rangeAsked || rangeAtItsWord,
                _ => false,
            };
            if (!isOverridden && Breaks(rule, port))
            {
                return rule;
            }
        }

        return PortRefusal.None;
    }

    /// <summary>Whether handing out a port unasked would break a rule.</summary>
    public bool Breaks(PortRefusal rule, int port) => rule switch
    {
        PortRefusal.Privileged => port < FirstUnprivileged,
        PortRefusal.Ephemeral => system.Ephemeral is { } ephemeral && ephemeral.Contains(port),
        PortRefusal.KernelReserved => system.Reserved.Contains(port),
        PortRefusal.BrowserBlocked => BrowserBlockedPorts.Contains(port),
        _ => false,
    };
}

using System.Globalization;
using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;
using PortMgmt.Text;

namespace PortMgmt.Leases.Allocation;

/// <summary>The sentences in which the lease half refuses: what, why, and what to do.</summary>
internal static class PortRefusals
{
    public static PortRegistryException Invalid(string message) => new(PortRegistryErrorCode.InvalidRequest, message);

    /// <summary>Refuses a number that is no port.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>.</exception>
    public static void CheckPort(int port)
    {
        if (port is < 1 or > 65535)
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"{port} is no port: a port is 1 to 65535."));
        }
    }

    public static PortRegistryException Unavailable(RegistrySession session, int port, PortProtocol protocol, PortCheckResult seen) =>
        Unavailable(port, seen.Refusal, Describe(session, port, protocol, seen));

    /// <summary>The refusal of a port in use, with the process that uses it, which is looked for only now that the lock is free.</summary>
    public static PortRegistryException NameHolder(HostPlatform platform, PortRegistryException refusal, PortProtocol protocol)
    {
        var use = PortUse.Find(platform, refusal.Port!.Value, protocol);
        return Unavailable(refusal.Port!.Value, use.Reason, use.Message);
    }

    /// <summary>The refusal of one of several requests that were made together, which says for which, and that the others have nothing.</summary>
    public static PortRegistryException OfSeveral(PortRegistryException refusal, PortLeaseRequest request, int count)
    {
        string which = string.IsNullOrEmpty(request.Name) ? "One of the leases" : $"'{request.Name}'";
        string text = string.Create(CultureInfo.InvariantCulture, $"{which} cannot be had: {refusal.Message} Nothing was leased: {count} were asked for together.");
        return new PortRegistryException(refusal.Code, text, refusal) { Port = refusal.Port, Refusal = refusal.Refusal };
    }

    /// <summary>A tally of ports by what was found of each, all zero.</summary>
    public static int[] NewTally() => new int[(int)PortRefusal.Lingering + 1];

    public static PortRegistryException Exhausted(PortRules rules, LeaseTerms terms, ReadOnlySpan<int> tally)
    {
        string what = terms.Count == 1 ? "No port" : terms.Contiguous ? $"No {terms.Count} ports in a row" : $"No {terms.Count} ports";
        string text = $"{what} of the range {terms.Range} can be had on {Label(terms.Protocol)}. Of {terms.Range.Count}: {Describe(tally)}. {WayOut(rules, terms, tally)}";
        return new PortRegistryException(PortRegistryErrorCode.PortRangeExhausted, text);
    }

    /// <summary>A tally in words, what is free last.</summary>
    public static string Describe(ReadOnlySpan<int> tally)
    {
        List<string> parts = [];
        for (int i = 1; i < tally.Length; i++)
        {
            if (tally[i] > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{tally[i]} {Adjective((PortRefusal)i)}"));
            }
        }

        if (tally[0] > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{tally[0]} free"));
        }

        return string.Join(", ", parts);
    }

    // Where it is the ephemeral range that is in the way, a larger range may be as ephemeral.
    private static string WayOut(PortRules rules, LeaseTerms terms, ReadOnlySpan<int> tally)
    {
        if (tally[(int)PortRefusal.Ephemeral] + tally[(int)PortRefusal.Privileged] == 0)
        {
            return "Name a larger range, or remove leases that are not needed.";
        }

        string set = rules.IsWithheld(terms.Range) ? ", or set it as the policy's default range" : "";
        return $"Name the range {terms.Range} in the request{set}: a range that is named is taken at its word. Or name another, or remove leases that are not needed.";
    }

    public static string Overridden(PortRefusal rule, int port, PortProtocol protocol) =>
        $"{Sentence(rule, port, protocol)}; it was leased all the same because it was asked for by number";

    /// <summary>Why a port cannot be had, in a sentence without its full stop.</summary>
    public static string Describe(RegistrySession session, int port, PortProtocol protocol, PortCheckResult seen) => seen.Refusal switch
    {
        PortRefusal.Leased => $"{Label(protocol, port)} is leased {Holder(session, seen.Record!)}",
        PortRefusal.Listening => $"{Label(protocol, port)} is in use",
        PortRefusal.Reserved => Reserved(session.Rules, port, protocol),
        _ => Sentence(seen.Refusal, port, protocol),
    };

    public static string Reserved(PortRules rules, int port, PortProtocol protocol) =>
        $"{Label(protocol, port)} is reserved for {PortReservation.Describe(rules.ReservedFor(port)!)} by the registry's policy";

    public static string Sentence(PortRefusal refusal, int port, PortProtocol protocol) => Label(protocol, port) + refusal switch
    {
        PortRefusal.Excluded => " is excluded, by the registry's policy or by the request",
        PortRefusal.Ephemeral => " lies in the range from which the system takes ports for outgoing connections",
        PortRefusal.KernelReserved => " is on the kernel's list of reserved ports",
        PortRefusal.SystemExcluded => " is excluded by the system (netsh int ipv4 show excludedportrange shows by which range)",
        PortRefusal.BrowserBlocked => " is blocked by web browsers",
        PortRefusal.Privileged => " is below 1024",
        PortRefusal.PermissionDenied => " cannot be bound by this user",
        PortRefusal.Quarantined => " is quarantined: its last lease ended less than 60 seconds ago",
        _ => " can be had",
    };

    public static string Label(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Tcp => "TCP",
        PortProtocol.Udp => "UDP",
        _ => "TCP and UDP",
    };

    public static string Label(PortProtocol protocol, int port) => string.Create(CultureInfo.InvariantCulture, $"{Label(protocol)} port {port}");

    private static PortRegistryException Unavailable(int port, PortRefusal refusal, string why) =>
        new(PortRegistryErrorCode.PortUnavailable, $"{why}. Ask for another port, or for any by leaving the port out.")
        {
            Port = port,
            Refusal = refusal,
        };

    private static string Holder(RegistrySession session, SlotRecord record)
    {
        string name = record.Name.Length > 0 ? $" as '{record.Name}'" : "";
        string scope = record.Scope.Length > 0 ? $" of '{record.Scope}'" : "";
        string owner = record.Owner.Id == 0
            ? $"by user {session.Platform.GetUserName(record.UserId)}"
            : string.Create(CultureInfo.InvariantCulture, $"by process {record.Owner.Id}");
        var since = DateTimeOffset.FromUnixTimeMilliseconds(record.CreatedAt);
        return $"{owner}{name}{scope} since {TimeText.Format(since)}";
    }

    /// <summary>A lease in a few words, for a list in a sentence.</summary>
    public static string Summary(SlotRecord record)
    {
        string name = record.Name.Length > 0 ? $" '{record.Name}'" : "";
        string owner = record.Owner.Id == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" of process {record.Owner.Id}");
        return Label(record.Protocol, record.Port) + name + owner;
    }

    private static string Adjective(PortRefusal refusal) => refusal switch
    {
        PortRefusal.Leased => "leased",
        PortRefusal.Listening => "in use",
        PortRefusal.Reserved => "reserved by policy",
        PortRefusal.Excluded => "excluded",
        PortRefusal.Ephemeral => "in the ephemeral range",
        PortRefusal.KernelReserved => "reserved by the kernel",
        PortRefusal.SystemExcluded => "excluded by the system",
        PortRefusal.BrowserBlocked => "blocked by browsers",
        PortRefusal.Privileged => "below 1024",
        PortRefusal.PermissionDenied => "not permitted",
        _ => "in quarantine",
    };
}

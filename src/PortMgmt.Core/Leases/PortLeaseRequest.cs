using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Registry;
using PortMgmt.Ports;

namespace PortMgmt.Leases;

/// <summary>What a caller wants of a port. Everything has a default: an empty request leases any one TCP port.</summary>
public sealed record PortLeaseRequest
{
    /// <summary>The most ports that one request may count: 1000.</summary>
    public const int MaxCount = 1000;

    /// <summary>
    /// A label, 1 to 64 characters of letters, digits and <c>._:/@-</c>, compared without case; many leases may share one.
    /// A name tends to get the same port back. Null or empty for none.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>What the name belongs to, such as a checkout: <see cref="PortScope.Find"/> says what is meant. Null for <c>PORTMGMT_SCOPE</c>, empty for none.</summary>
    public string? Scope { get; init; }

    /// <summary>TCP unless said otherwise.</summary>
    public PortProtocol Protocol { get; init; }

    /// <summary>Exactly this port or an error, 1 to 65535; 0 means any.</summary>
    public int Port { get; init; }

    /// <summary>This port if it can be had, else another, 1 to 65535; 0 means no preference.</summary>
    public int PreferredPort { get; init; }

    /// <summary>More ports to prefer, each 1 to 65535, in this order and after <see cref="PreferredPort"/>; 0 stands for none.</summary>
    public IReadOnlyList<int> PreferredPorts { get; init; } = [];

    /// <summary>All preferences in their order.</summary>
    internal IEnumerable<int> Preferences => PreferredPorts.Prepend(PreferredPort).Where(static port => port != 0);

    /// <summary>Where to look; null for the default range of the registry's policy.</summary>
    public PortRange? Range { get; init; }

    /// <summary>Ports that this caller does not want.</summary>
    public IReadOnlyList<PortRange> Exclude { get; init; } = [];

    /// <summary>How many ports, 1 to 1000; all of them or none.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Whether the ports must follow one another without a gap.</summary>
    public bool Contiguous { get; init; }

    /// <summary>How long the lease lives at most; null for as long as its owner. More than zero; cut to the policy's longest.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Whose life the lease is tied to; the calling process unless said otherwise.</summary>
    public PortLeaseOwner Owner { get; init; } = PortLeaseOwner.CurrentProcess;

    /// <summary>Get-or-create: the live lease of the same name, protocol and owner if there is one. Requires a name.</summary>
    public bool Reuse { get; init; }

    /// <summary>With <see cref="Reuse"/>: the token of the ownerless lease to be had again.</summary>
    public string? Token { get; init; }

    /// <summary>With <see cref="Reuse"/> and without an owner: that the name is enough to find a lease of this user again, since it is that of a project.</summary>
    internal bool ReusesOwnerless { get; init; }

    /// <summary>With <see cref="Port"/>: take a port under lease on which a process listens already; that process becomes the owner.</summary>
    public bool Adopt { get; init; }

    /// <summary>Refuses what makes no sense, before anything is touched.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>: what, why and the way out.</exception>
    internal void Validate()
    {
        if (!string.IsNullOrEmpty(Name))
        {
            LeaseName.Check(Name);
        }

        if (Port is < 0 or > 65535)
        {
            throw PortRefusals.Invalid($"{Port} is no port: a port is 1 to 65535, or 0 for any.");
        }

        foreach (int preferred in Preferences)
        {
            if (preferred is < 0 or > 65535)
            {
                throw PortRefusals.Invalid($"{preferred} is no port to prefer: a port is 1 to 65535, or 0 for no preference.");
            }
        }

        if (Count is < 1 or > MaxCount)
        {
            throw PortRefusals.Invalid($"{Count} ports cannot be leased at once: ask for 1 to {MaxCount}.");
        }

        if (!Enum.IsDefined(Protocol))
        {
            throw PortRefusals.Invalid($"{(int)Protocol} is no protocol: use Tcp, Udp or Both.");
        }

        if (Range is { First: < 1 })
        {
            throw PortRefusals.Invalid("The range is empty: name one such as 10000-29999.");
        }

        LeaseTime.Check(TimeToLive);
        ValidateCombination();
    }

    private void ValidateCombination()
    {
        if (Port != 0 && Preferences.Any())
        {
            throw PortRefusals.Invalid($"Port {Port} cannot be insisted on and port {Preferences.First()} preferred in one request: give one of them.");
        }

        if (Port != 0 && Count > 1 && !Contiguous)
        {
            throw PortRefusals.Invalid($"Port {Port} is one port, but {Count} were asked for: ask for a contiguous block that starts there, or leave the port out.");
        }

        if (Port + Count - 1 > 65535 && Port != 0)
        {
            throw PortRefusals.Invalid($"A block of {Count} ports that starts at {Port} ends beyond 65535: start lower or ask for fewer.");
        }

        if (Range is { } range && Port != 0 && !(range.Contains(Port) && range.Contains(Port + Count - 1)))
        {
            throw PortRefusals.Invalid($"Port {Port} lies outside the range {range}: leave one of them out.");
        }

        foreach (int preferred in Preferences)
        {
            if (Range is { } wide && !wide.Contains(preferred))
            {
                throw PortRefusals.Invalid($"The preferred port {preferred} lies outside the range {wide}: leave one of them out.");
            }
        }

        if (Adopt && (Port == 0 || Count != 1 || Reuse))
        {
            throw PortRefusals.Invalid("To adopt is to lease one port on which a process listens already: name that port, and neither a count nor reuse.");
        }

        if (Owner.ProcessId is null && TimeToLive is null)
        {
            throw PortRefusals.Invalid("A lease without an owner needs a time to live, or it would never end.");
        }

        if (Reuse && string.IsNullOrEmpty(Name) && Token is null)
        {
            throw PortRefusals.Invalid("Reuse finds a lease by its name: give one.");
        }

        if (Reuse && Owner.ProcessId is null && Token is null && !ReusesOwnerless)
        {
            throw PortRefusals.Invalid("A lease without an owner is reused by its token alone: give the token that its maker was shown, or an owner.");
        }

        if (Token is not null && !Reuse)
        {
            throw PortRefusals.Invalid("A token stands for a lease that exists already: it goes with reuse.");
        }
    }
}

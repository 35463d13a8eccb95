using PortMgmt.Ports;
using PortMgmt.Text;

namespace PortMgmt.Leases;

/// <summary>What is set once for a registry and honoured by every caller. Kept in <c>policy.json</c> beside the table.</summary>
public sealed record PortPolicy
{
    private static readonly PortRange BuiltIn = new(10000, 29999);

    private readonly PortRange? _defaultRange;

    /// <summary>
    /// Where ports are looked for when a request has no range: 10000-29999 unless set. One that is set and lies wholly where the system
    /// takes ports for outgoing connections is taken at its word, as that of a request is. Ports below 1024 are not handed out by it.
    /// </summary>
    public PortRange DefaultRange
    {
        get => _defaultRange ?? BuiltIn;
        init => _defaultRange = value;
    }

    /// <summary>Whether the default range was set, perhaps to what it is anyway.</summary>
    internal bool IsDefaultRangeSet => _defaultRange is not null;

    /// <summary>Ports that are never handed out.</summary>
    public IReadOnlyList<PortRange> Exclude { get; init => field = TextList<PortRange>.Words(value); } = TextList<PortRange>.Words([]);

    /// <summary>
    /// Ports kept for names, by name without case; they survive reboots. A name is meant in every scope;
    /// <c>web in /srv/shop</c> in that one alone.
    /// </summary>
    public IReadOnlyDictionary<string, int> Reservations { get; init => field = PortTable.From(value); } = PortTable.From(new Dictionary<string, int>());

    /// <summary>The longest time to live of a lease; null for no limit. A request for more is cut, with a warning.</summary>
    public TimeSpan? MaxTimeToLive { get; init; }
}

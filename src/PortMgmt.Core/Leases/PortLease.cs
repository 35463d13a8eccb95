using System.Globalization;
using PortMgmt.Leases.Allocation;
using PortMgmt.Listeners;
using PortMgmt.Platform;
using PortMgmt.Ports;
using PortMgmt.Text;

namespace PortMgmt.Leases;

/// <summary>
/// One leased port. Made by <see cref="PortRegistry.Acquire(PortLeaseRequest, CancellationToken)"/> it can be disposed of,
/// which gives the port back; seen in a list it is a picture of the moment and disposing of it does nothing.
/// Immutable but for disposal; safe for use by many threads.
/// </summary>
public sealed class PortLease : IDisposable
{
    /// <summary>The port number, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>TCP, UDP or both.</summary>
    public required PortProtocol Protocol { get; init; }

    /// <summary>The label as it was given; empty for none.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the name belongs to, such as the path of a checkout; empty for none.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The process that the lease ends with; null for an ownerless lease.</summary>
    public int? OwnerProcessId { get; init; }

    /// <summary>When the owner was started; null for an ownerless lease or where the system does not tell.</summary>
    public DateTimeOffset? OwnerStartTime { get; init; }

    /// <summary>The user who made the lease, by name, or by number where the system has no name for it.</summary>
    public string UserName
    {
        // A look-up in the user database costs more than the lease, and its maker seldom wants it.
        get => field ??= HostPlatform.Current.GetUserName(UserId);
        init;
    }

    /// <summary>When the lease was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its time to live passes; null when it lives as long as its owner.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether the lease holds, is stale, or is in quarantine after its end.</summary>
    public PortLeaseState State { get; init; }

    /// <summary>The fence that renews and removes this very lease and no successor; null in lists, where only its maker sees it.</summary>
    public string? Token { get; init; }

    /// <summary>The directory of the registry that has the lease.</summary>
    public string RegistryDirectory { get; init; } = "";

    /// <summary>What the caller should know of this lease, such as rules that an explicit port overrode; empty as a rule.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = TextList<string>.Sentences(value); } = TextList<string>.Sentences([]);

    /// <summary>The listener found on the port, where it was asked for.</summary>
    public PortListener? Listener { get; init; }

    /// <summary>Whether a process other than the owner listens on the port; null where listeners were not asked for.</summary>
    public bool? ListenerMismatch { get; init; }

    internal string UserId { get; init; } = "";

    /// <summary>What tells this lease from its successors on the same port.</summary>
    internal string Fence { get; init; } = "";

    /// <summary>The registry that this object gives its port back to; null in lists.</summary>
    internal PortRegistry? Registry { get; init; }

    /// <summary>
    /// Gives the port back if this object made the lease and it still holds. Never throws: a lease that ended already is
    /// no error, and one that cannot be removed, since its registry cannot be used, ends with its owner or its time to live.
    /// </summary>
    public void Dispose()
    {
        try
        {
            Registry?.Remove(this);
        }
        catch (PortRegistryException)
        {
        }
    }

    /// <summary>
    /// The lease as the command line writes it with <c>--json</c>: one line of JSON without its end, with the token where the lease has
    /// one and the listener where it was looked up. <c>docs/schemas/lease.schema.json</c> has its members.
    /// </summary>
    public string ToJson() => LeaseJson.ToText(this);

    /// <summary>Which port of whom, such as <c>TCP port 8080 of 'web'</c>.</summary>
    public override string ToString() =>
        PortRefusals.Label(Protocol) + " port " + Port.ToString(CultureInfo.InvariantCulture)
        + (Name.Length == 0 ? "" : " of '" + Name + "'") + (Scope.Length == 0 ? "" : " in '" + Scope + "'");

    internal PortLease WithListener(PortListener? listener, bool mismatch) => new()
    {
        Port = Port,
        Protocol = Protocol,
        Name = Name,
        Scope = Scope,
        OwnerProcessId = OwnerProcessId,
        OwnerStartTime = OwnerStartTime,
        UserId = UserId,
        UserName = UserName,
        CreatedAt = CreatedAt,
        ExpiresAt = ExpiresAt,
        State = State,
        RegistryDirectory = RegistryDirectory,
        Fence = Fence,
        Listener = listener,
        ListenerMismatch = mismatch,
    };
}
